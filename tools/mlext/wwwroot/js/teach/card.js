// One class: its name, its examples, and the ways to add more. Without a name: the examples whose class nobody tells.
import { CameraView } from '../camera.js';
import { button, el, fileButton, fill, hueOf, icon } from '../dom.js';
import { acceptDrops } from '../drop.js';
import { plural, quoted } from '../format.js';
import { inkOf, offerInk } from '../images/clean.js';
import { base64Of, canvasOf, pictureOf, pictureOfText } from '../images/picture.js';
import { Pad } from '../pad.js';
import { complain, toast } from '../toast.js';
import { HoldButton } from './hold.js';
import { longestName, nameOf } from './names.js';

/** Pictures a second while the button is held. */
const rate = 6;

export class ExampleCard {
  #taken = [];   // what was taken out last: { picture, index }, for as long as it can be brought back
  #offer = null; // the message that offers it

  constructor(board, name) {
    this.board = board;
    this.name = name ?? '';
    this.pictures = [];
    this.isLabelled = name !== null;
    this.count = el('span.count', { role: 'status' });
    this.examples = el('div.examples');
    this.view = new CameraView(board.ink,
      { onopen: () => this.#showCamera(true), onready: () => { this.hold.isEnabled = true; }, onclose: () => this.#showCamera(false) });
    this.hold = new HoldButton('Hold to record', 'camera', isHeld => this.#record(isHeld));
    this.element = this.isLabelled ? this.#labelled() : this.#unlabelled();
    acceptDrops(this.element, files => this.addFiles(files));
    this.#showCamera(false);
    this.#showName();
    this.#refresh();
  }

  get isFull() {
    return this.pictures.length >= this.board.limits.images;
  }

  focusName() {
    this.input.focus();
    this.input.select();
  }

  /** Its place among the classes, which gives it its colour. */
  number(index) {
    this.element.style.setProperty('--hue', hueOf(index));
  }

  /** Takes another name; the board knows. */
  rename(name) {
    this.name = name;
    this.#showName();
  }

  /** Adds one picture. Quiet: whoever adds several tells the board at the end. */
  async add(canvas, { quiet = false } = {}) {
    if (this.isFull) return void toast(`At most ${plural(this.board.limits.images, 'image')} a class.`);
    const picture = await pictureOf(canvas);
    this.pictures.push(picture);
    if (this.pictures.length === 1) this.#refresh();
    else this.#append(picture);
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
    if (this.board.ink === 'usual') offerInk(added.map(one => one.canvas), () => this.#makeInk(added));
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

  /** Lets go of everything that it holds. */
  release() {
    this.view.close();
    this.#forgetTaken();
    for (const picture of this.pictures.splice(0)) picture.release();
    this.#refresh();
  }

  #labelled() {
    this.input = el('input', { type: 'text', maxLength: longestName, dir: 'auto', 'aria-label': 'Name of the class', autocomplete: 'off', spellcheck: false });
    this.fault = el('p.fault', { role: 'alert', hidden: true });
    this.input.addEventListener('input', () => this.#rename({ isFinal: false }));
    this.input.addEventListener('change', () => this.#rename({ isFinal: true }));
    this.input.addEventListener('keydown', event => event.key === 'Escape' && !event.isComposing && this.#keepName());
    this.pad = new Pad('Drawing pad for an example', 'Draw here', { onchange: () => this.#padChanged(), onsubmit: () => this.#addDrawing() });
    this.pad.element.append(this.view.video);
    this.addButton = button('Add', 'check', () => this.#addDrawing(), '.small');
    this.clearButton = el('button.icon-button', { type: 'button', 'aria-label': 'Clear the drawing pad', title: 'Clear', onclick: () => this.pad.clear() }, icon('eraser'));
    this.addButton.setAttribute('aria-label', 'Add the drawing as an example');
    this.pair = el('div.pair', {}, this.addButton, this.clearButton);
    this.#padChanged();
    return el('section.card', {},
      el('div.card-head', {}, el('span.dot'), this.input, this.count,
        el('button.icon-button', { type: 'button', title: 'Remove this class', 'aria-label': 'Remove this class', onclick: () => this.board.removeClass(this) }, icon('trash'))),
      this.fault, el('div.card-body', {}, this.pad.element, this.examples, this.pair, this.hold.element, this.#sources('Add image files to this class'), this.#cameraTools()));
  }

  #unlabelled() {
    this.stage = el('div.pad', {}, this.view.video);
    return el('section.card.unlabelled', { 'aria-label': 'Unlabelled images' },
      el('div.card-head', {}, el('span.title', {}, 'Unlabelled images'), this.count),
      el('div.card-body', {}, this.examples, this.stage, this.hold.element, this.#sources('Add unlabelled image files'), this.#cameraTools()));
  }

  #sources(label) {
    return el('div.card-sources', {}, fileButton('Files', 'image', files => this.addFiles(files), { kind: '.small', label }), this.view.button);
  }

  #cameraTools() {
    this.view.tools.append(el('small', {}, `${rate} pictures a second while you hold it, up to ${this.board.limits.images}${this.isLabelled ? ' a class' : ''}.`));
    return this.view.tools;
  }

  /** The camera in place of the pad, or the pad again. */
  #showCamera(isOpen) {
    if (isOpen) this.board.closeOtherCameras(this);
    this.hold.element.hidden = !isOpen;
    this.hold.isEnabled = false;
    if (this.stage) this.stage.hidden = !isOpen;
    if (!this.pad) return;
    this.pad.canvas.inert = isOpen;
    this.pair.hidden = isOpen;
  }

  // Takes pictures for as long as the button is held, and at least one.
  async #record(isHeld) {
    this.count.setAttribute('aria-live', 'off'); // not six numbers a second
    const start = performance.now();
    try {
      for (let taken = 0; this.view.isOpen && (taken === 0 || isHeld());) {
        if (!await this.add(this.view.picture(), { quiet: true })) break;
        taken++;
        await new Promise(resolve => setTimeout(resolve, Math.max(0, start + 1000 * taken / rate - performance.now())));
      }
    } catch (error) {
      complain(error);
    }
    this.count.removeAttribute('aria-live');
    this.#showCount();
    this.board.changed();
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

  // While a name is typed its fault is shown; a name that is left with a fault becomes the old one again.
  #rename({ isFinal }) {
    const name = nameOf(this.input.value);
    const fault = this.board.faultOf(name, this);
    this.#showFault(fault && `${fault} This one stays ${quoted(this.name)}.`);
    if (!isFinal) return;
    const isNew = !fault && name !== this.name;
    if (!fault) this.name = name;
    this.#showName();
    if (isNew) this.board.changed();
  }

  #keepName() {
    this.#showFault(null);
    this.#showName();
  }

  #showName() {
    if (!this.isLabelled) return;
    this.input.value = this.input.title = this.name;
    this.input.setAttribute('aria-invalid', 'false');
    this.input.classList.remove('bad');
    this.element.setAttribute('aria-label', this.name);
  }

  #showFault(fault) {
    this.input.setAttribute('aria-invalid', String(Boolean(fault)));
    this.input.classList.toggle('bad', Boolean(fault));
    this.fault.hidden = !fault;
    if (this.fault.textContent !== (fault ?? '')) this.fault.textContent = fault ?? '';
  }

  /** The images in base64. */
  images() {
    return Promise.all(this.pictures.map(picture => picture.base64 ??= base64Of(picture.blob)));
  }

  #refresh() {
    fill(this.examples, this.pictures.length ? this.pictures.map((picture, index) => this.#thumb(picture, index)) : el('p.examples-empty', {}, this.#emptyText()));
    this.examples.scrollTop = this.examples.scrollHeight;
    this.#showCount();
  }

  #append(picture) {
    this.examples.append(this.#thumb(picture, this.pictures.length - 1));
    this.examples.scrollTop = this.examples.scrollHeight;
    this.#showCount();
  }

  #showCount() {
    this.count.textContent = this.pictures.length ? plural(this.pictures.length, this.isLabelled ? 'example' : 'image') : '';
  }

  #emptyText() {
    return this.isLabelled ? 'Draw, drop or paste examples, or record them.'
      : 'More pictures of these classes, without saying which is which. They help where examples are few. Drop, paste or choose them.';
  }

  #thumb(picture, index) {
    return el('div.example', {}, el('img', { src: picture.url, alt: `Example ${index + 1}`, width: 52, height: 52 }),
      el('button', { type: 'button', 'aria-label': `Remove example ${index + 1}`, title: 'Remove', onclick: () => this.#takeOut(index) }, icon('x')));
  }

  // What is taken out while the offer to bring it back is shown comes back with it.
  #takeOut(index) {
    if (!this.#offer?.isConnected) this.#forgetTaken();
    this.#taken.push({ picture: this.pictures.splice(index, 1)[0], index });
    this.#refresh();
    this.board.changed();
    (this.examples.querySelectorAll('button')[Math.min(index, this.pictures.length - 1)] ?? this.input ?? this.view.button).focus();
    this.#offer?.remove();
    const what = plural(this.#taken.length, this.isLabelled ? 'example' : 'unlabelled image');
    this.#offer = toast(`${what}${this.isLabelled ? ` of ${quoted(this.name)}` : ''} taken out.`, { action: { name: 'Undo', run: () => this.#bringBack() }, seconds: 12 });
  }

  #bringBack() {
    for (const { picture, index } of this.#taken.splice(0).reverse()) {
      if (this.isFull) picture.release();
      else this.pictures.splice(index, 0, picture);
    }
    this.#refresh();
    this.board.changed();
  }

  #forgetTaken() {
    this.#offer?.remove();
    for (const { picture } of this.#taken.splice(0)) picture.release();
  }
}
