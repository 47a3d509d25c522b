// A button that shows what spoke for an answer over its picture.
import { el } from './dom.js';
import { complain } from './toast.js';

export class Why {
  #explain = null; // asks for the drawing; null where there is nothing to explain
  #drawing = null; // a promise of it, once it was wanted

  constructor() {
    this.button = el('button.button.small', { type: 'button', hidden: true, 'aria-pressed': 'false', onclick: () => this.#isPressed ? this.hide() : this.#show() }, 'Why?');
    this.image = el('img', { alt: 'What spoke for the answer, over the picture', hidden: true }); // to be laid over the picture
    this.legend = el('p.muted', { hidden: true }, 'Orange spoke for the answer, blue against it.');
  }

  get #isPressed() {
    return this.button.getAttribute('aria-pressed') === 'true';
  }

  /**
   * Takes another answer, and shows what spoke for it if the button is pressed. None of these has nothing that spoke for it, and a single class no other to compare with.
   * @param {?{label: ?string, scores: object[]}} answer The answer, if there is one.
   * @param {?() => Promise<Blob>} explain Draws what spoke for it; called when that is first wanted. Null where the picture may not be sent.
   */
  offer(answer, explain) {
    this.#explain = answer && answer.label !== null && answer.scores.length > 1 ? explain : null;
    this.#drawing = null;
    this.button.hidden = !this.#explain;
    if (this.#isPressed && this.#explain) this.#show();
    else this.hide();
  }

  /** Shows the picture alone. */
  hide() {
    this.button.setAttribute('aria-pressed', 'false');
    this.#reveal(false);
  }

  async #show() {
    const explain = this.#explain;
    this.button.setAttribute('aria-pressed', 'true');
    this.#reveal(false);
    try {
      const drawn = await (this.#drawing ??= explain());
      if (this.#explain !== explain || !this.#isPressed) return;
      URL.revokeObjectURL(this.image.src);
      this.image.src = URL.createObjectURL(drawn);
      this.#reveal(true);
    } catch (error) {
      if (this.#explain !== explain) return;
      this.#drawing = null;
      this.hide();
      complain(error);
    }
  }

  #reveal(isShown) {
    this.image.hidden = this.legend.hidden = !isShown;
  }
}
