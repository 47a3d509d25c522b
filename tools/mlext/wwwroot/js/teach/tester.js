// The classifier of the moment: how long it took, what it says of a drawing, where it runs, and how to take it along.
import { api } from '../api.js';
import { CameraView } from '../camera.js';
import { el, fileButton, fill, hueOf, icon } from '../dom.js';
import { acceptDrops } from '../drop.js';
import { bytes, milliseconds, plural } from '../format.js';
import { inkOf, offerInk } from '../images/clean.js';
import { canvasOf, pngOf } from '../images/picture.js';
import { Pad } from '../pad.js';
import { nameOf, Scores } from '../scores.js';
import { complain } from '../toast.js';
import { Why } from '../why.js';
import { LocalClassifier } from './local.js';

/** Bytes of a classifier from which on it is shown how much of it has come. */
const large = 2e6;

export class Tester {
  #local = null;
  #loading = new AbortController();
  #asked = 0;
  #asking = null;
  #watching = null;

  constructor(element, ink, classifier) {
    this.element = element;
    this.ink = ink;
    this.classifier = classifier;
    this.picture = null; // a canvas that was dropped or seen by the camera; null while the pad itself is asked about
    this.isPrivate = false; // whether the picture must not leave the browser
    this.pad = new Pad('Drawing pad to try the classifier', 'Draw something to try it,\nor drop or paste an image', { onchange: () => this.#drawn() });
    this.scores = new Scores();
    this.why = new Why();
    this.view = new CameraView(ink, { onopen: () => this.#showCamera(true), onready: () => this.#watch(), onclose: () => this.#showCamera(false) });
    this.#build();
    classifier.addEventListener('change', () => this.#changed());
    this.#changed();
  }

  /** Asks about a picture. */
  look(canvas) {
    this.view.close();
    this.#show(canvas, false);
    this.#ask();
  }

  /** Forgets the picture. */
  clear() {
    this.view.close();
    this.pad.clear();
  }

  #build() {
    this.made = el('div.made', { role: 'status' });
    this.label = el('b', { role: 'status', dir: 'auto' });
    this.time = el('small');
    this.reject = el('input', { type: 'checkbox', role: 'switch', title: 'May be the answer to a picture of something else' });
    this.inBrowser = el('input', { type: 'checkbox', role: 'switch', onchange: () => this.#switchPlace() });
    this.where = el('small', { role: 'status' });
    this.progress = el('progress', { hidden: true, 'aria-label': 'Loading the classifier' });
    this.pace = el('small.figures');
    this.view.tools.append(this.pace);
    this.pad.element.append(this.view.video, this.why.image);
    this.takes = ['zip', 'onnx'].map(kind => el('a.button.small', { download: '' }, icon('download'), `classifier.${kind}`));
    const eraser = el('button.button.small', { type: 'button', onclick: () => this.clear() }, icon('eraser'), 'Clear');
    eraser.setAttribute('aria-label', 'Clear the drawing pad');
    fill(this.element, this.made, this.pad.element,
      el('div.pad-tools', {}, eraser, fileButton('File', 'image', ([file]) => this.#file(file), { multiple: false, kind: '.small', label: 'Choose an image to try' }),
        this.view.button, this.view.tools),
      el('div.verdict', {}, this.label, this.time, this.why.button, this.why.legend), this.scores.element,
      el('div.where', {}, el('label.switch', {}, this.reject, 'None of these'),
        el('label.switch', {}, this.inBrowser, 'Run in the browser'), this.where, this.progress),
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
      if (this.ink === 'usual') offerInk([canvas], () => this.look(inkOf(canvas)));
    } catch (error) {
      complain(error);
    }
  }

  #drawn() {
    this.picture = null;
    this.isPrivate &&= !this.pad.isEmpty; // a stroke over what the camera saw does not take it away
    this.why.hide();
    this.#ask();
  }

  async #changed() {
    const { state } = this.classifier;
    this.why.offer(null);
    this.#showPeek();
    this.made.classList.toggle('none', state.kind !== 'ready');
    this.#lockPlace();
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
    this.why.offer(null);
    await this.#loadLocal();
    this.#ask();
  }

  // While the camera is on, the browser answers if it can: its pictures are nobody else's.
  #lockPlace() {
    this.inBrowser.disabled = this.view.isOpen || (this.classifier.state.kind !== 'ready' && !this.inBrowser.checked);
  }

  #showCamera(isOpen) {
    this.#watching = null;
    this.pad.canvas.inert = isOpen;
    this.why.offer(null);
    this.pace.textContent = '';
    this.#lockPlace();
  }

  // Asks about what the camera sees, picture after picture, for as long as it is on.
  async #watch() {
    const watching = this.#watching = {};
    this.inBrowser.checked = true;
    if (!this.#local) await this.#loadLocal();
    const times = [];
    while (this.#watching === watching) {
      this.#show(this.view.picture(), this.inBrowser.checked);
      await this.#ask();
      this.#showPace(times);
      await this.view.next();
    }
  }

  // How many pictures were answered in a second, by the times of the last ten.
  #showPace(times) {
    if (this.element.classList.contains('waiting') || (!this.#local && this.inBrowser.checked)) times.length = 0;
    else times.push(performance.now());
    if (times.length > 10) times.shift();
    const rate = 1000 * (times.length - 1) / (times.at(-1) - times[0]);
    this.pace.textContent = this.view.isOpen && times.length > 1 ? `${rate.toFixed(rate < 3 ? 1 : 0)} frames per second` : '';
  }

  #show(canvas, isPrivate) {
    this.pad.show(canvas);
    this.picture = canvas;
    this.isPrivate = isPrivate;
    this.why.hide();
    this.view.video.classList.toggle('under', this.view.ink.checked); // the ink is what the classifier sees
  }

  async #loadLocal() {
    const { state } = this.classifier;
    this.#loading.abort();
    const { signal } = this.#loading = new AbortController();
    const old = this.#local;
    this.#local = null;
    this.progress.hidden = true;
    await old?.release();
    if (signal.aborted) return;
    if (!this.inBrowser.checked && this.view.isOpen) return; // it is said already that the browser cannot
    if (!this.inBrowser.checked || state.kind !== 'ready') {
      this.where.textContent = this.inBrowser.checked ? 'The generated network will run here, and no picture is sent.'
        : 'Off: the server answers. On: the generated network runs here, and no picture is sent.';
      return;
    }
    if (!old) this.where.textContent = 'Loading ONNX Runtime…';
    try {
      const local = await LocalClassifier.load(state, { signal, onprogress: (loaded, all) => this.#showProgress(loaded, all, signal) });
      if (signal.aborted) return local.release();
      this.#local = local;
      this.where.textContent = 'The generated network runs in this browser.';
    } catch (error) {
      if (!signal.aborted) this.#giveUpLocal(error);
    }
    if (!signal.aborted) this.progress.hidden = true;
  }

  #showProgress(loaded, all, signal) {
    if (signal.aborted || all < large) return;
    [this.progress.value, this.progress.max] = [loaded, all];
    this.progress.hidden = false;
  }

  #giveUpLocal(error) {
    this.inBrowser.checked = false;
    this.where.textContent = `${error.message} The server answers${this.view.isOpen ? ', and is sent what the camera sees' : ''}.`;
    complain(error);
  }

  // One question at a time; the newest wins. Ends when there is nothing more to ask.
  #ask() {
    this.#asked++;
    return this.#asking ??= this.#askAll();
  }

  async #askAll() {
    for (let number = 0; number !== this.#asked;) {
      number = this.#asked;
      try {
        await this.#answer();
      } catch (error) {
        if (error.status === 404 && this.classifier.state.kind !== 'ready') continue;
        this.view.close(); // its next picture would only bring the same message
        complain(error);
      }
    }
    this.#asking = null;
  }

  async #answer() {
    const { state } = this.classifier;
    if (state.kind !== 'ready' || this.pad.isEmpty) return this.#say(null);
    const canvas = this.picture ?? this.pad.canvas;
    const local = this.#local;
    if (!local && this.inBrowser.checked) return; // it is being loaded, and asked about this then
    if (!local && this.isPrivate) return this.#say(null);
    if (!local) {
      const image = await pngOf(canvas);
      const answer = await api.predictWithClassifier(state.id, image);
      return this.#say(answer, 'on the server', () => api.explainWithClassifier(state.id, image));
    }
    const copy = this.picture ?? this.pad.copy();
    const answer = await local.predict(copy);
    this.#say(answer, 'in this browser');
  }

  // What spoke for an answer the server says, and only of a picture that it was sent: not while the browser answers, nor of what the camera sees.
  #say(answer, place, explain = null) {
    const label = answer ? nameOf(answer) : (this.classifier.state.kind === 'ready' ? 'Which one is it?' : 'No classifier yet');
    if (this.label.textContent !== label) this.label.textContent = this.label.title = label; // assistive software tells every change
    this.element.classList.toggle('waiting', !answer);
    this.time.textContent = answer ? `${milliseconds(answer.milliseconds)} ms ${place}` : '';
    this.scores.show(answer?.scores ?? null, answer?.knownScore);
    this.why.offer(answer, this.inBrowser.checked || this.view.isOpen ? null : explain);
  }
}
