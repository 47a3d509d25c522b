// The Teach tab: classes with examples on one side, the classifier that they give on the other.
import { el, fill, icon } from '../dom.js';
import { pastedImages } from '../drop.js';
import { plural, quoted } from '../format.js';
import { canvasOf } from '../images/picture.js';
import { complain, toast } from '../toast.js';
import { ExampleCard } from './card.js';
import { GeneratedClassifier } from './classifier.js';
import { keep, kept } from './memory.js';
import { isVisible, longestName } from './names.js';
import { sampleSymbols } from './symbols.js';
import { Tester } from './tester.js';

const nothing = { classes: [], unlabelled: [], rejectUnknown: false };

class Board {
  constructor(status) {
    this.generator = status.generator;
    this.limits = { classes: Math.min(status.limits.classes, this.generator.maxWays), images: status.limits.imagesPerClass };
    this.ink = this.generator.colours === 1 ? 'usual' : this.generator.name === 'auto' ? 'offered' : null;
    this.cards = [];
    this.element = document.getElementById('teach-cards');
    this.classifier = new GeneratedClassifier();
    this.tester = new Tester(document.getElementById('tester'), this.ink, this.classifier);
    this.unlabelled = new ExampleCard(this, null);
    this.more = el('button.card.add', { type: 'button', onclick: () => this.addClass({ focus: true }) }, icon('plus'), 'Add a class');
    fill(this.element, this.more, this.unlabelled.element);
    this.sample = document.getElementById('teach-sample');
    this.restart = document.getElementById('teach-clear');
    this.sample.addEventListener('click', () => this.#show());
    this.restart.addEventListener('click', () => this.clear());
    this.tester.reject.addEventListener('change', () => this.changed());
    document.addEventListener('paste', event => this.#paste(event));
    this.#restore(kept() ?? nothing);
    describe(this.generator);
  }

  /** Another class at the end, with a name that is free. */
  addClass({ name = this.#freeName(), focus = false } = {}) {
    if (this.#isFull()) return null;
    const card = new ExampleCard(this, name);
    this.cards.push(card);
    this.more.before(card.element);
    this.#number();
    if (focus) {
      this.changed();
      card.focusName();
    }
    return card;
  }

  /** Takes a class away; it can be brought back. */
  removeClass(card) {
    const at = this.cards.indexOf(card);
    this.cards.splice(at, 1);
    card.view.close();
    card.element.remove();
    this.#number();
    this.changed();
    (this.cards[Math.min(at, this.cards.length - 1)] ?? { focusName: () => this.more.focus() }).focusName();
    if (!card.pictures.length) return;
    toast(`${quoted(card.name)} is gone, with ${plural(card.pictures.length, 'example')}.`, { action: { name: 'Undo', run: () => this.#bringBack(card, at) }, seconds: 12 });
  }

  #bringBack(card, at) {
    if (this.#isFull()) return;
    card.rename(this.#freeName(card.name)); // another may have its name by now
    this.cards.splice(at, 0, card);
    (this.cards[at + 1]?.element ?? this.more).before(card.element);
    this.#number();
    this.changed();
  }

  /** What is wrong with a name for a class, or null. */
  faultOf(name, card) {
    if (!isVisible(name)) return 'A class needs a name.';
    if (name.length > longestName) return `A name has at most ${longestName} characters.`;
    if (name === '*') return 'The asterisk alone stands for unlabelled images.';
    return this.cards.some(other => other !== card && other.name === name) ? `Another class is called ${quoted(name)}.` : null;
  }

  /** One class is recorded at a time. */
  closeOtherCameras(card) {
    for (const other of [...this.cards, this.unlabelled]) if (other !== card) other.view.close();
  }

  /** Something about the examples is different: the classifier is made anew. */
  changed() {
    const hasAny = [...this.cards, this.unlabelled].some(card => card.pictures.length);
    this.restart.hidden = !hasAny;
    this.sample.hidden = hasAny;
    this.more.hidden = this.cards.length >= this.limits.classes;
    this.#examples().then(keep);
    const names = this.cards.map(card => card.name);
    const taught = this.cards.filter(card => card.pictures.length);
    const rejectUnknown = this.tester.reject.checked; // then one class is enough
    const why = taught.length === 0 ? `An example in ${rejectUnknown ? 'one class' : 'each of two classes'} makes the first classifier.`
      : taught.length === 1 && !rejectUnknown ? 'One more class with an example, and there is a classifier.' : null;
    if (why) return this.classifier.wait(why, names, [...names.keys()]);
    this.classifier.make(taught.map(card => ({ name: card.name, pictures: card.pictures })), this.unlabelled.pictures,
      taught.map(card => this.cards.indexOf(card)), rejectUnknown);
  }

  /** Empties everything; it can be brought back. */
  async clear() {
    const before = await this.#examples();
    this.tester.clear();
    this.#restore(nothing);
    this.cards[0].focusName();
    toast('The examples are gone.', { action: { name: 'Undo', run: () => this.#restore(before) } });
  }

  async #examples() {
    return {
      classes: await Promise.all(this.cards.map(async card => ({ name: card.name, images: await card.images() }))),
      unlabelled: await this.unlabelled.images(),
      rejectUnknown: this.tester.reject.checked,
    };
  }

  #restore({ classes, unlabelled, rejectUnknown }) {
    this.#removeCards();
    for (const { name, images } of classes) this.addClass({ name })?.restore(images);
    while (this.cards.length < 2) this.addClass();
    this.unlabelled.release();
    this.unlabelled.restore(unlabelled);
    this.tester.reject.checked = Boolean(rejectUnknown);
    this.changed();
  }

  #removeCards() {
    for (const card of this.cards.splice(0)) {
      card.release();
      card.element.remove();
    }
  }

  async #show() {
    this.sample.disabled = true;
    try {
      const { classes, question } = sampleSymbols();
      this.#removeCards();
      for (const { name, drawings } of classes) {
        const card = this.addClass({ name });
        for (const canvas of drawings) await card.add(canvas, { quiet: true });
      }
      this.changed();
      this.tester.look(question);
    } finally {
      this.sample.disabled = false;
    }
  }

  async #paste(event) {
    const images = pastedImages(event);
    if (document.getElementById('panel-teach').hidden || !images.length) return;
    event.preventDefault();
    const card = [...this.cards, this.unlabelled].find(one => one.element.contains(document.activeElement));
    if (card) return card.addFiles(images);
    try {
      this.tester.look(await canvasOf(images[0]));
    } catch (error) {
      complain(error);
    }
  }

  #freeName(wanted = null) {
    const isFree = name => !this.cards.some(card => card.name === name);
    if (wanted && isFree(wanted)) return wanted;
    for (let number = wanted ? 2 : this.cards.length + 1; ; number++) {
      if (isFree(`${wanted ?? 'Class'} ${number}`)) return `${wanted ?? 'Class'} ${number}`;
    }
  }

  #isFull() {
    const isFull = this.cards.length >= this.limits.classes;
    if (isFull) toast(`This generator makes classifiers of up to ${this.limits.classes} classes.`);
    return isFull;
  }

  #number() {
    this.cards.forEach((card, index) => card.number(index));
  }
}

function describe(generator) {
  const what = generator.imageSize > 0 ? `${generator.imageSize} × ${generator.imageSize} ${generator.colours === 1 ? 'grey' : 'colour'} pixels` : 'for symbols or photographs, whichever the examples are';
  const lead = document.getElementById('teach-lead');
  lead.append(' ', el('span', {}, `Generator: ${generator.name}, ${what}, up to ${generator.maxWays} classes.`));
}

export function startTeaching(status) {
  return new Board(status);
}
