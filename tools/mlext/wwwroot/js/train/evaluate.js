// Step 3: how good the model is, where it errs, and a picture of one's own.
import { api } from '../api.js';
import { button, el, fill } from '../dom.js';
import { count, decimal, percent, plural } from '../format.js';
import { confusionTable } from './confusion.js';
import { tryPanel } from './try.js';

export class EvaluateStep {
  constructor(flow) {
    this.flow = flow;
    this.body = document.getElementById('evaluate-body');
    this.lead = document.getElementById('evaluate-lead');
  }

  /** Shows what a training came to. Returns the evaluation; null where no image was held back. */
  async show(training, dataSet) {
    const evaluation = await api.evaluation(training.id);
    const isMeasured = evaluation && evaluation.images > 0;
    this.lead.textContent = isMeasured ? `On ${plural(evaluation.images, 'image')} that were held out and never trained on.`
      : 'There were too few images to hold some back, so the model is not measured.';
    fill(this.body, isMeasured && headline(evaluation), tryPanel('Try it', training.classes ?? dataSet.classes.map(one => one.name),
      image => api.predictWithTraining(training.id, image), image => api.explainWithTraining(training.id, image),
      training.learnsInSteps && (image => api.innerLossOfTraining(training.id, image))),
      isMeasured && el('div.evaluate-grid', {}, confusionPanel(evaluation), classPanel(evaluation), wrongPanel(evaluation, dataSet)),
      el('div.step-foot', {}, button('Next: consume', 'arrow', () => this.flow.go('consume'), '.primary')));
    return isMeasured ? evaluation : null;
  }
}

function headline(evaluation) {
  const fact = (name, value) => el('div', {}, el('dt', {}, name), el('dd', {}, value));
  return el('div.panel.headline', {}, el('div', {}, el('p.big', {}, percent(evaluation.microAccuracy)), el('p.muted', {}, 'of the images are right')),
    el('dl.facts', {}, fact('accuracy, the mean of classes', percent(evaluation.macroAccuracy)), fact('log-loss', decimal(evaluation.logLoss)),
      fact('images', count(evaluation.images))));
}

function confusionPanel(evaluation) {
  return el('div.panel', {}, el('div.panel-head', {}, el('h2', {}, 'What was taken for what'), el('span.axis', {}, 'rows: what it is · columns: what was said')),
    el('div.scroller', { tabIndex: 0, role: 'region', 'aria-label': 'Confusion matrix' }, confusionTable(evaluation.classes.map(one => one.name), evaluation.confusion)));
}

function classPanel(evaluation) {
  const row = one => {
    const bar = el('i', { 'aria-hidden': 'true', vars: { '--share': `${100 * (one.f1 || 0)}%` } });
    return el('tr', {}, el('td', { title: one.name, dir: 'auto' }, one.name), el('td', {}, count(one.images)), el('td', {}, percent(one.precision, 0)), el('td', {}, percent(one.recall, 0)),
      el('td', {}, el('span.f1', {}, bar, percent(one.f1, 0))));
  };
  const heads = [['Class', ''], ['Images', ''], ['Precision', 'Of those said to be it, how many are'], ['Recall', 'Of those that are it, how many were found'], ['F1', 'Both in one']];
  return el('div.panel', {}, el('h2', {}, 'Class by class'), el('div.scroller', { tabIndex: 0, role: 'region', 'aria-label': 'Figures of each class' },
    el('table.class-table', {}, el('thead', {}, el('tr', {}, ...heads.map(([name, title]) => el('th', { scope: 'col', title: title || null }, name)))),
      el('tbody', {}, ...evaluation.classes.map(row)))));
}

function wrongPanel(evaluation, dataSet) {
  const wrong = evaluation.mostWrong ?? [];
  const figure = one => el('figure', {}, el('img', { src: api.imageUrl(dataSet.id, one.image), loading: 'lazy', width: 128, height: 128, alt: `A picture of ${one.label}` }),
    el('figcaption', {}, 'said ', el('span.said', { dir: 'auto' }, one.predicted), ` ${percent(one.probability, 0)}`, el('br'), 'is ', el('bdi', {}, one.label)));
  return el('div.panel.wide', {}, el('h2', {}, wrong.length ? 'Most wrong' : 'Not one of them is wrong'),
    wrong.length ? el('div.gallery', {}, ...wrong.map(figure)) : el('p.muted', {}, 'With images as few and as easy as these that can be luck.'));
}
