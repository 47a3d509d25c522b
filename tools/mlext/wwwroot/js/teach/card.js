// One class: its name, its examples, and the ways to add more. Without a name: the examples whose class nobody tells.
import { cameraButton } from '../camera.js';
import { button, el, fileButton, fill, hueOf, icon } from '../dom.js';
import { acceptDrops } from '../drop.js';
import { plural } from '../format.js';
import { inkOf, offerInk } from '../images/clean.js';
import { base64Of, canvasOf, pictureOf, pictureOfText } from '../images/picture.js';
import { Pad } from '../pad.js';
import { complain, toast } from '../toast.js';

export class ExampleCard {
  constructor(board, name) {
    this.board = board;
    this.pictures = [];
    this.isLabelled = name !== null;
    this.count = el('span.count', { role: 'status' });
    this.examples = el('div.examples');
    this.element = this.isLabelled ? this.#labelled(name) : this.#unlabelled();
    acceptDrops(this.element, files => this.addFiles(files));
    this.#refresh();
  }

  get name() {
    return this.input?.value.trim() ?? '';
  }

  focusName() {
    this.input.focus();
    this.input.select();
  }

  /** Its place among the classes, which gives it its colour. */
  number(index) {
    this.element.style.setProperty('--hue', hueOf(index));
  }

  /** Shows whether the name cannot be used. */
  mark(isBad) {
    this.input.setAttribute('aria-invalid', String(isBad));
    this.input.classList.toggle('bad', isBad);
  }

  /** Adds one picture. Quiet: whoever adds several tells the board at the end. */
  async add(canvas, { quiet = false } = {}) {
    if (this.pictures.length >= this.board.limits.images) return toast(`At most ${this.board.limits.images} images a class.`);
    const picture = await pictureOf(canvas);
    this.pictures.push(picture);
    this.#refresh();
    if (!quiet) this.board.changed();
    return picture;
  }

  /** Adds image files; those that are none are named. */
  async addFiles(files) {
    const added = [];
    for (const file of files) {
      try {
        const canvas = await canvasOf(file);
        const picture = await this.add(canvas, { quiet: true });
        if (picture) added.push({ canvas, picture });
      } catch (error) {
        complain(error);
      }
    }
    this.board.changed();
    if (this.board.knowsInk) offerInk(added.map(one => one.canvas), () => this.#makeInk(added));
  }

  async #makeInk(added) {
    for (const { canvas, picture } of added) {
      const at = this.pictures.indexOf(picture);
      if (at < 0) continue;
      this.pictures[at] = await pictureOf(inkOf(canvas));
      picture.release();
    }
    this.#refresh();
    this.board.changed();
  }

  /** Takes what it had before. */
  restore(images) {
    this.pictures = images.map(pictureOfText);
    this.#refresh();
  }

  removeAll() {
    this.release();
    this.pictures = [];
    this.#refresh();
  }

  release() {
    for (const picture of this.pictures) picture.release();
  }

  #labelled(name) {
    this.input = el('input', { type: 'text', value: name, maxLength: 60, 'aria-label': 'Name of the class', autocomplete: 'off', spellcheck: false });
    this.input.addEventListener('input', () => this.board.changed());
    this.pad = new Pad('Drawing pad for an example', 'Draw here', { onchange: () => this.#padChanged(), onsubmit: () => this.#addDrawing() });
    this.addButton = button('Add', 'check', () => this.#addDrawing(), '.small');
    this.clearButton = el('button.icon-button', { type: 'button', 'aria-label': 'Clear the drawing pad', title: 'Clear', onclick: () => this.pad.clear() }, icon('eraser'));
    this.addButton.setAttribute('aria-label', 'Add the drawing as an example');
    this.#padChanged();
    return el('section.card', {},
      el('div.card-head', {}, el('span.dot'), this.input, this.count,
        el('button.icon-button', { type: 'button', title: 'Remove this class', 'aria-label': 'Remove this class', onclick: () => this.board.removeClass(this) }, icon('trash'))),
      el('div.card-body', {}, this.pad.element, this.examples, el('div.pair', {}, this.addButton, this.clearButton), this.#sources('Add image files to this class')));
  }

  #unlabelled() {
    return el('section.card.unlabelled', { 'aria-label': 'Unlabelled images' },
      el('div.card-head', {}, el('span.title', {}, 'Unlabelled images'), this.count),
      el('div.card-body', {}, this.examples, this.#sources('Add unlabelled image files')));
  }

  #sources(label) {
    const title = () => this.isLabelled ? `Pictures of ${this.name}` : 'Unlabelled pictures';
    return el('div.card-sources', {}, fileButton('Files', 'image', files => this.addFiles(files), { kind: '.small', label }),
      cameraButton(title, canvas => this.add(canvas), { ink: this.board.knowsInk }));
  }

  #padChanged() {
    this.addButton.disabled = this.clearButton.disabled = this.pad.isEmpty;
    this.addButton.classList.toggle('primary', !this.pad.isEmpty);
  }

  async #addDrawing() {
    if (this.pad.isEmpty) return;
    const drawing = this.pad.copy();
    this.pad.clear();
    await this.add(drawing);
    if (document.activeElement === document.body) this.pad.canvas.focus();
  }

  /** The images in base64. */
  async images() {
    return Promise.all(this.pictures.map(async picture => picture.base64 = await (picture.base64 ?? base64Of(picture.blob))));
  }

  #refresh() {
    this.count.textContent = this.pictures.length ? plural(this.pictures.length, this.isLabelled ? 'example' : 'image') : '';
    fill(this.examples, this.pictures.length ? this.pictures.map((picture, index) => this.#thumb(picture, index)) : el('p.examples-empty', {}, this.#emptyText()));
    this.examples.scrollTop = this.examples.scrollHeight;
  }

  #emptyText() {
    return this.isLabelled ? 'Draw, drop or paste examples.'
      : 'More pictures of these classes, without saying which is which. They help where examples are few. Drop, paste or choose them.';
  }

  #thumb(picture, index) {
    const remove = () => {
      this.pictures.splice(index, 1);
      picture.release();
      this.#refresh();
      this.board.changed();
      (this.examples.querySelectorAll('button')[Math.min(index, this.pictures.length - 1)] ?? this.input ?? this.element).focus?.();
    };
    return el('div.example', {}, el('img', { src: picture.url, alt: `Example ${index + 1}`, width: 52, height: 52 }),
      el('button', { type: 'button', 'aria-label': `Remove example ${index + 1}`, title: 'Remove', onclick: remove }, icon('x')));
  }
}
