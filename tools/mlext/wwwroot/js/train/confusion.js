// A confusion matrix as a table: rows are what an image is, columns what the model said.
import { el } from '../dom.js';
import { count } from '../format.js';

/** The share of a row from which the text has to change its colour. */
const dark = 0.55;

export function confusionTable(names, confusion) {
  const head = el('tr', {}, el('td', { 'aria-hidden': 'true' }), ...names.map(name => el('th', { scope: 'col', title: name }, el('span', { dir: 'auto' }, name))));
  const rows = confusion.map((row, truth) => {
    const all = row.reduce((sum, number) => sum + number, 0) || 1;
    return el('tr', {}, el('th', { scope: 'row', title: names[truth], dir: 'auto' }, names[truth]), ...row.map((number, said) => cell(number, number / all, truth, said, names)));
  });
  const table = el('table.confusion', {}, el('thead', {}, head), el('tbody', {}, ...rows));
  table.querySelector('thead td').style.background = 'none';
  return table;
}

function cell(number, share, truth, said, names) {
  const kind = truth === said ? 'right' : 'wrong';
  return el(`td${number ? `.${kind}` : ''}${number && truth === said && share > dark ? '.dark-cell' : ''}`,
    { vars: { '--share': share.toFixed(3) }, title: `${count(number)} of ${names[truth]}: said ${names[said]}` }, number ? count(number) : '·');
}
