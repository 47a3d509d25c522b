// The classifier of the moment: how long it took, what it says of a drawing, where it runs, and how to take it along.
import { api } from '../api.js';
import { cameraButton } from '../camera.js';
import { el, fileButton, fill, hueOf, icon } from '../dom.js';
import { acceptDrops } from '../drop.js';
import { bytes, milliseconds, plural } from '../format.js';
import { inkOf, offerInk } from '../images/clean.js';
import { canvasOf, pngOf } from '../images/picture.js';
import { Pad } from '../pad.js';
import { nameOf, Scores } from '../scores.js';
import { complain } from '../toast.js';
import { LocalClassifier } from './local.js';

export class Tester {
  #local = null;
  #asked = 0;
  #isAsking = false;

  constructor(element, generator, classifier) {
    this.element = element;
    this.generator = generator;
    this.classifier = classifier;
    this.picture = null; // a canvas that was dropped; null while the pad itself is asked about
    this.pad = new Pad('Drawing pad to try the classifier', 'Draw something to try it,\nor drop or paste an image', { onchange: () => this.#drawn() });
    this.scores = new Scores();
    this.#build();
    classifier.addEventListener('change', () => this.#changed());
    this.#changed();
  }

  /** Asks about a picture. */
  look(canvas) {
    this.pad.show(canvas);
    this.picture = canvas;
    this.#ask();
  }

  /** Forgets the picture. */
  clear() {
    this.pad.clear();
  }

  #build() {
    this.made = el('div.made', { role: 'status' });
    this.label = el('b');
    this.time = el('small');
    this.inBrowser = el('input', { type: 'checkbox', role: 'switch', onchange: () => this.#switchPlace() });
    this.where = el('small', { role: 'status' });
    this.takes = ['zip', 'onnx'].map(kind => el('a.button.small', { download: '' }, icon('download'), `classifier.${kind}`));
    const eraser = el('button.button.small', { type: 'button', onclick: () => this.pad.clear() }, icon('eraser'), 'Clear');
    eraser.setAttribute('aria-label', 'Clear the drawing pad');
    fill(this.element, this.made, this.pad.element,
      el('div.pad-tools', {}, eraser, fileButton('File', 'image', ([file]) => this.#file(file), { multiple: false, kind: '.small', label: 'Choose an image to try' }),
        cameraButton(() => 'A picture to try', canvas => this.look(canvas), { many: false, ink: this.generator.colours === 1 })),
      el('div.verdict', { role: 'status' }, this.label, this.time), this.scores.element,
      el('div.where', {}, el('label.switch', {}, this.inBrowser, 'Run in the browser'), this.where),
      el('div.take', {}, el('div.buttons', {}, ...this.takes)));
    acceptDrops(this.pad.element, ([file]) => this.#file(file));
    this.#buildPeek();
  }

  // On a narrow window the classifier is below its classes: while it is out of sight, a strip at the bottom leads to it.
  #buildPeek() {
    this.peekText = el('b');
    const way = el('a', { href: '#tester', onclick: event => {
      event.preventDefault();
      this.element.scrollIntoView({ behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth', block: 'start' });
      this.pad.canvas.focus({ preventScroll: true });
    } }, 'Try it');
    this.peek = el('div.peek', { hidden: true }, this.peekText, way);
    this.element.before(this.peek);
    new IntersectionObserver(([entry]) => {
      this.isInSight = entry.isIntersecting;
      this.#showPeek();
    }, { rootMargin: '-80px' }).observe(this.element);
  }

  #showPeek() {
    const { state } = this.classifier;
    this.peek.hidden = this.isInSight !== false || state.kind !== 'ready';
    if (state.kind === 'ready') this.peekText.textContent = `${plural(state.names.length, 'class', 'classes')} in ${milliseconds(state.milliseconds)} ms`;
  }

  async #file(file) {
    try {
      const canvas = await canvasOf(file);
      this.look(canvas);
      if (this.generator.colours === 1) offerInk([canvas], () => this.look(inkOf(canvas)));
    } catch (error) {
      complain(error);
    }
  }

  #drawn() {
    this.picture = null;
    this.#ask();
  }

  async #changed() {
    const { state } = this.classifier;
    this.#showPeek();
    this.made.classList.toggle('none', state.kind !== 'ready');
    this.inBrowser.disabled = state.kind !== 'ready' && !this.inBrowser.checked;
    this.takes.forEach((link, i) => {
      link.toggleAttribute('aria-disabled', state.kind !== 'ready');
      if (state.kind === 'ready') link.href = api.classifierUrl(state.id, `classifier.${['zip', 'onnx'][i]}`);
      else link.removeAttribute('href');
    });
    if (state.kind !== 'ready') {
      fill(this.made, el('p', {}, state.why));
      this.scores.setClasses(state.names, state.hues.map(hueOf));
      this.#say(null);
      await this.#loadLocal();
      return;
    }
    fill(this.made, el('span.ms', {}, milliseconds(state.milliseconds), el('small', {}, 'ms')), el('p', {}, `to make a classifier of ${plural(state.names.length, 'class', 'classes')} from ${plural(state.examples, 'example')}`
      + `${state.unlabelled ? ` and ${state.unlabelled} unlabelled` : ''} · ${bytes(state.bytes)}`));
    this.made.classList.remove('fresh');
    requestAnimationFrame(() => this.made.classList.add('fresh'));
    this.scores.setClasses(state.names, state.hues.map(hueOf));
    await this.#loadLocal();
    if (this.classifier.state === state) this.#ask();
  }

  async #switchPlace() {
    await this.#loadLocal();
    this.#ask();
  }

  async #loadLocal() {
    const { state } = this.classifier;
    const old = this.#local;
    this.#local = null;
    if (!this.inBrowser.checked || state.kind !== 'ready') {
      this.where.textContent = 'Off: the server answers. On: the generated network runs here, and no picture is sent.';
      await old?.release();
      return;
    }
    if (!old) this.where.textContent = 'Loading ONNX Runtime…';
    try {
      const local = await LocalClassifier.load(state);
      if (this.classifier.state === state && this.inBrowser.checked) this.#local = local;
      await old?.release();
      this.where.textContent = 'The generated network runs in this browser.';
    } catch (error) {
      this.inBrowser.checked = false;
      complain(error);
    }
  }

  // One question at a time; the newest wins.
  async #ask() {
    const number = ++this.#asked;
    if (this.#isAsking) return;
    this.#isAsking = true;
    try {
      await this.#answer();
    } catch (error) {
      if (error.status !== 404 || this.classifier.state.kind === 'ready') complain(error);
    } finally {
      this.#isAsking = false;
      if (number !== this.#asked) this.#ask();
    }
  }

  async #answer() {
    const { state } = this.classifier;
    if (state.kind !== 'ready' || this.pad.isEmpty) return this.#say(null);
    const canvas = this.picture ?? this.pad.canvas;
    const local = this.#local;
    if (!local) return this.#say(await api.predictWithClassifier(state.id, await pngOf(canvas)), 'on the server');
    const copy = this.picture ?? this.pad.copy();
    const answer = await local.predict(copy);
    this.#say(answer, 'in this browser');
  }

  #say(answer, place) {
    this.label.textContent = answer ? nameOf(answer) : (this.classifier.state.kind === 'ready' ? 'Which one is it?' : 'No classifier yet');
    this.element.classList.toggle('waiting', !answer);
    this.time.textContent = answer ? `${milliseconds(answer.milliseconds)} ms ${place}` : '';
    this.scores.show(answer?.scores ?? null, answer?.knownScore);
  }
}
