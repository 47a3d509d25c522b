// Bars of probabilities. The rows stay where they are while the numbers change.
import { el, hueOf } from './dom.js';
import { percent } from './format.js';

/** What an answer is called: its class, or none of these. */
export const nameOf = answer => answer.label ?? 'None of these';

export class Scores {
  constructor() {
    this.element = el('div.scores');
    this.rows = new Map();
    this.none = this.#make('None of these', 'var(--muted)');
  }

  /** One row a class, in this order. */
  setClasses(names, hues = names.map((_, index) => hueOf(index))) {
    const key = names.map((name, index) => `${name}\t${hues[index]}`).join('\n');
    if (key === this.key) return;
    this.key = key;
    this.rows.clear();
    this.element.replaceChildren(...names.map((name, index) => this.#row(name, hues[index])), this.none.element);
    this.none.element.hidden = true;
  }

  /** Shows the probabilities, or none. A known score below a half is none of these; models that reject nothing have no such score. */
  show(scores, known = null) {
    const isNone = known !== null && known < 0.5;
    const best = isNone ? null : scores?.reduce((a, b) => b.probability > a.probability ? b : a);
    this.none.element.hidden = known === null;
    this.none.bar.style.transform = `scaleX(${known === null ? 0 : 1 - known})`;
    this.none.value.textContent = known === null ? '' : percent(1 - known);
    this.none.element.classList.toggle('best', isNone);
    for (const [name, row] of this.rows) {
      const score = scores?.find(other => other.label === name);
      row.bar.style.transform = `scaleX(${score?.probability ?? 0})`;
      row.value.textContent = score ? percent(score.probability) : '';
      row.element.classList.toggle('best', Boolean(score) && best?.label === name);
    }
  }

  #row(name, hue) {
    const row = this.#make(name, hue);
    this.rows.set(name, row);
    return row.element;
  }

  #make(name, hue) {
    const [value, bar] = [el('span.value', {}), el('i')];
    bar.style.transform = 'scaleX(0)';
    const element = el('div.score', { vars: { '--hue': hue } }, el('span.name', { title: name, dir: 'auto' }, name), value, el('span.bar', { 'aria-hidden': 'true' }, bar));
    return { element, value, bar };
  }
}
