// A button that shows what the token mixers learned from a picture: the loss of each head, step by step, and where in the picture it fell.
import { el, fill } from '../dom.js';
import { percent } from '../format.js';
import { complain } from '../toast.js';

export class Learned {
  #innerLoss = null; // asks for the heads

  constructor() {
    this.button = el('button.button.small', { type: 'button', hidden: true, onclick: () => this.#show() }, 'What it learned');
    this.element = el('div.learned', { hidden: true }); // to be laid under the answer
  }

  /**
   * Takes another picture.
   * @param {() => Promise<object[]>} innerLoss Tells what each head learned from it; called when that is wanted.
   */
  offer(innerLoss) {
    this.#innerLoss = innerLoss;
    this.button.hidden = false;
    this.element.hidden = true;
  }

  async #show() {
    const innerLoss = this.#innerLoss;
    try {
      const heads = await innerLoss();
      if (this.#innerLoss !== innerLoss) return;
      fill(this.element, el('h3', {}, 'What the token mixers learned from this picture'),
        el('p.muted', {}, 'Each head trains a small model on the picture itself before it answers. Orange is where its loss fell most, blue where it rose.'),
        el('div.gallery', {}, ...heads.map(figure)));
      this.element.hidden = false;
    } catch (error) {
      complain(error);
    }
  }
}

function figure(head) {
  const name = `Block ${head.block + 1}, head ${head.head + 1}`;
  const [first, last] = [head.losses[0], head.losses.at(-1)];
  return el('figure', {}, el('img', { src: `data:image/png;base64,${head.overlay}`, width: 128, height: 128, alt: `Where ${name.toLowerCase()} learned` }),
    el('figcaption', {}, name, el('br'), head.losses.map(loss => loss.toPrecision(3)).join(' → '), first > 0 && last > 0 && ` (${percent(last / first - 1, 0)})`));
}
