// Bars of probabilities. The rows stay where they are while the numbers change.
import { el, hueOf } from './dom.js';
import { percent } from './format.js';

export class Scores {
  constructor() {
    this.element = el('div.scores');
    this.rows = new Map();
  }

  /** One row a class, in this order. */
  setClasses(names, hues = names.map((_, index) => hueOf(index))) {
    const key = names.map((name, index) => `${name}\t${hues[index]}`).join('\n');
    if (key === this.key) return;
    this.key = key;
    this.rows.clear();
    this.element.replaceChildren(...names.map((name, index) => this.#row(name, hues[index])));
  }

  /** Shows the probabilities, or none. */
  show(scores) {
    const best = scores?.reduce((a, b) => b.probability > a.probability ? b : a);
    for (const [name, row] of this.rows) {
      const score = scores?.find(other => other.label === name);
      row.bar.style.transform = `scaleX(${score?.probability ?? 0})`;
      row.value.textContent = score ? percent(score.probability) : '';
      row.element.classList.toggle('best', Boolean(score) && best.label === name);
    }
  }

  #row(name, hue) {
    const [value, bar] = [el('span.value', {}), el('i')];
    bar.style.transform = 'scaleX(0)';
    const element = el('div.score', { vars: { '--hue': hue } }, el('span.name', { title: name, dir: 'auto' }, name), value, el('span.bar', { 'aria-hidden': 'true' }, bar));
    this.rows.set(name, { element, value, bar });
    return element;
  }
}
