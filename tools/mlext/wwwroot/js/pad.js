// A square of paper to draw on, with a pen, a finger, a mouse, or the arrow keys.
import { el } from './dom.js';
import { contextOf, paper } from './images/picture.js';

/** Pixels of a side, and of the pen: the pretrained generator knows strokes of a twentieth of the side. */
export const padSide = 280;
const pen = padSide / 20;

export class Pad {
  /**
   * @param {string} name What the pad is called for those who do not see it.
   * @param {string} hint Shown while it is empty.
   * @param {{onchange?: () => void, onsubmit?: () => void}} events A change of what is drawn; Enter.
   */
  constructor(name, hint, { onchange = () => {}, onsubmit = () => {} } = {}) {
    this.onchange = onchange;
    this.onsubmit = onsubmit;
    this.isEmpty = true;
    this.canvas = paper(padSide, padSide);
    this.canvas.tabIndex = 0;
    this.canvas.setAttribute('role', 'img');
    this.canvas.setAttribute('aria-label', `${name}. Draw here; with the keyboard, arrow keys move the pen and the space bar lowers and lifts it.`);
    this.hint = el('div.pad-hint', { 'aria-hidden': 'true' }, hint);
    this.cursor = el('span.pad-cursor', { hidden: true });
    this.element = el('div.pad', {}, this.canvas, this.hint, this.cursor);
    this.point = null;
    this.keys = { x: padSide / 2, y: padSide / 2, isDown: false };
    this.#listen();
  }

  /** Wipes the paper. */
  clear() {
    this.#wipe();
    this.#changed(true);
  }

  /** Shows another picture on the paper. Who does knows of the change. */
  show(canvas) {
    this.#wipe();
    const context = contextOf(this.canvas);
    const scale = Math.min(padSide / canvas.width, padSide / canvas.height);
    const [width, height] = [canvas.width * scale, canvas.height * scale];
    context.imageSmoothingQuality = 'high';
    context.drawImage(canvas, (padSide - width) / 2, (padSide - height) / 2, width, height);
    this.isEmpty = false;
    this.hint.hidden = true;
  }

  /** A copy of what is drawn. */
  copy() {
    const copy = paper(padSide, padSide);
    contextOf(copy).drawImage(this.canvas, 0, 0);
    return copy;
  }

  #wipe() {
    const context = contextOf(this.canvas);
    context.fillStyle = '#fff';
    context.fillRect(0, 0, padSide, padSide);
  }

  #changed(isEmpty) {
    this.isEmpty = isEmpty;
    this.hint.hidden = !isEmpty;
    this.onchange();
  }

  #listen() {
    const canvas = this.canvas;
    canvas.addEventListener('pointerdown', event => {
      if (event.button !== 0) return;
      canvas.setPointerCapture(event.pointerId);
      this.cursor.hidden = true;
      this.point = this.#at(event);
      this.#line(this.point, this.point);
    });
    canvas.addEventListener('pointermove', event => {
      if (!this.point || !canvas.hasPointerCapture(event.pointerId)) return;
      for (const step of event.getCoalescedEvents?.() ?? [event]) this.#to(this.#at(step));
      this.#to(this.#at(event));
    });
    for (const name of ['pointerup', 'pointercancel']) canvas.addEventListener(name, () => { this.point = null; });
    canvas.addEventListener('keydown', event => this.#key(event));
    canvas.addEventListener('blur', () => { this.cursor.hidden = true; this.keys.isDown = false; });
  }

  #at(event) {
    const box = this.canvas.getBoundingClientRect();
    return { x: (event.clientX - box.left) * padSide / box.width, y: (event.clientY - box.top) * padSide / box.height };
  }

  #to(point) {
    this.#line(this.point, point);
    this.point = point;
  }

  #line(from, to) {
    const context = contextOf(this.canvas);
    context.lineWidth = pen;
    context.lineCap = context.lineJoin = 'round';
    context.strokeStyle = '#000';
    context.beginPath();
    context.moveTo(from.x, from.y);
    context.lineTo(to.x, to.y);
    context.stroke();
    this.#changed(false);
  }

  #key(event) {
    const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const move = moves[event.key];
    if (event.key === 'Enter') this.onsubmit();
    else if (event.key === 'Escape' || event.key === 'Delete' || event.key === 'Backspace') this.clear();
    else if (event.key === ' ') this.keys.isDown = !this.keys.isDown;
    else if (!move) return;
    event.preventDefault();
    const from = { ...this.keys };
    if (move) {
      const step = event.shiftKey ? 4 : 14;
      this.keys.x = Math.min(padSide, Math.max(0, from.x + step * move[0]));
      this.keys.y = Math.min(padSide, Math.max(0, from.y + step * move[1]));
    }
    if (this.keys.isDown && (move || event.key === ' ')) this.#line(from, this.keys);
    this.cursor.hidden = event.key === 'Enter';
    this.cursor.style.left = `${100 * this.keys.x / padSide}%`;
    this.cursor.style.top = `${100 * this.keys.y / padSide}%`;
  }
}
