// A button that does something for as long as it is held, with a pointer or with the space bar or Enter.
import { button } from '../dom.js';

export class HoldButton {
  #isHeld = false;
  #isBusy = false;

  /**
   * @param {(isHeld: () => boolean) => Promise<void>} run Starts when the button is pressed, goes on while isHeld, and is not started twice.
   */
  constructor(text, iconName, run) {
    this.run = run;
    this.element = button(text, iconName, event => event.detail === 0 && this.#press({ once: true }), '.small.hold');
    const [element, up] = [this.element, () => { this.#isHeld = false; }];
    element.addEventListener('pointerdown', event => {
      if (event.button !== 0) return;
      element.setPointerCapture(event.pointerId);
      this.#press();
    });
    element.addEventListener('keydown', event => {
      if (event.key !== ' ' && event.key !== 'Enter') return;
      event.preventDefault(); // no click
      if (!event.repeat) this.#press();
    });
    element.addEventListener('keyup', event => {
      if (event.key !== ' ' && event.key !== 'Enter') return;
      event.preventDefault();
      up();
    });
    for (const name of ['pointerup', 'pointercancel', 'lostpointercapture', 'blur']) element.addEventListener(name, up);
    element.addEventListener('contextmenu', event => event.preventDefault()); // what a long touch asks for
  }

  set isEnabled(isEnabled) {
    this.element.disabled = !isEnabled;
    if (!isEnabled) this.#isHeld = false;
  }

  // Assistive software and voices click without holding: that is one picture.
  async #press({ once = false } = {}) {
    this.#isHeld = !once;
    if (this.#isBusy) return;
    this.#isBusy = true;
    this.element.classList.add('held');
    try {
      await this.run(() => this.#isHeld);
    } finally {
      this.#isBusy = false;
      this.#isHeld = false;
      this.element.classList.remove('held');
    }
  }
}
