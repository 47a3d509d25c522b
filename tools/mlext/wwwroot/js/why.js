// A button that shows what spoke for an answer over its picture.
import { el } from './dom.js';
import { complain } from './toast.js';

export class Why {
  #explain = null; // asks for the drawing; null where there is nothing to explain
  #drawing = null; // a promise of it, once it was wanted

  constructor() {
    this.button = el('button.button.small', { type: 'button', hidden: true, 'aria-pressed': 'false', onclick: () => this.isPressed ? this.hide() : this.show() }, 'Why?');
    this.image = el('img', { alt: 'What spoke for the answer, over the picture', hidden: true }); // to be laid over the picture
    this.legend = el('p.muted', { hidden: true }, 'Orange spoke for the answer, blue against it.');
  }

  get isPressed() {
    return this.button.getAttribute('aria-pressed') === 'true';
  }

  /**
   * Takes another answer. None of these has nothing that spoke for it, and of a single class nothing can be compared.
   * @param {?{label: ?string, scores: object[]}} answer The answer, if there is one.
   * @param {?() => Promise<Blob>} explain Draws what spoke for it; called when that is first wanted. Null where the picture may not be sent.
   */
  offer(answer, explain) {
    this.hide();
    this.#explain = answer && answer.label !== null && answer.scores.length > 1 ? explain : null;
    this.#drawing = null;
    this.button.hidden = !this.#explain;
  }

  async show() {
    const explain = this.#explain;
    if (!explain) return;
    this.#press(true);
    try {
      const drawn = await (this.#drawing ??= explain());
      if (this.#explain !== explain || !this.isPressed) return;
      URL.revokeObjectURL(this.image.src);
      this.image.src = URL.createObjectURL(drawn);
      this.image.hidden = this.legend.hidden = false;
    } catch (error) {
      if (this.#explain !== explain) return;
      this.#drawing = null;
      this.hide();
      complain(error);
    }
  }

  hide() {
    this.#press(false);
    this.image.hidden = this.legend.hidden = true;
  }

  #press(isPressed) {
    this.button.setAttribute('aria-pressed', String(isPressed));
  }
}
