// The Teach tab: classes with examples on one side, the classifier that they give on the other.
import { el, fill, icon } from '../dom.js';
import { pastedImages } from '../drop.js';
import { canvasOf } from '../images/picture.js';
import { complain, toast } from '../toast.js';
import { ExampleCard } from './card.js';
import { GeneratedClassifier } from './classifier.js';
import { keep, kept } from './memory.js';
import { sampleSymbols } from './symbols.js';
import { Tester } from './tester.js';

const nothing = { classes: [], unlabelled: [] };

class Board {
  constructor(status) {
    this.generator = status.generator;
    this.limits = { classes: Math.min(status.limits.classes, this.generator.maxWays), images: status.limits.imagesPerClass };
    this.knowsInk = this.generator.colours === 1;
    this.cards = [];
    this.element = document.getElementById('teach-cards');
    this.classifier = new GeneratedClassifier();
    this.tester = new Tester(document.getElementById('tester'), this.generator, this.classifier);
    this.unlabelled = new ExampleCard(this, null);
    this.more = el('button.card.add', { type: 'button', onclick: () => this.addClass({ focus: true }) }, icon('plus'), 'Add a class');
    fill(this.element, this.more, this.unlabelled.element);
    this.sample = document.getElementById('teach-sample');
    this.restart = document.getElementById('teach-clear');
    this.sample.addEventListener('click', () => this.#show());
    this.restart.addEventListener('click', () => this.clear());
    document.addEventListener('paste', event => this.#paste(event));
    this.#restore(kept() ?? nothing);
    describe(this.generator);
  }

  /** Another class at the end, with a name that is free. */
  addClass({ name = this.#freeName(), focus = false } = {}) {
    if (this.cards.length >= this.limits.classes) return toast(`This generator makes classifiers of up to ${this.limits.classes} classes.`);
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
    card.element.remove();
    this.#number();
    this.changed();
    (this.cards[Math.min(at, this.cards.length - 1)] ?? { focusName: () => this.more.focus() }).focusName();
    if (!card.pictures.length) return;
    toast(`“${card.name}” is gone.`, { action: { name: 'Undo', run: () => {
      this.cards.splice(at, 0, card);
      (this.cards[at + 1]?.element ?? this.more).before(card.element);
      this.#number();
      this.changed();
    } } });
  }

  /** Something about the examples is different: the classifier is made anew. */
  changed() {
    const hasAny = [...this.cards, this.unlabelled].some(card => card.pictures.length);
    this.restart.hidden = !hasAny;
    this.sample.hidden = hasAny;
    this.more.hidden = this.cards.length >= this.limits.classes;
    this.#examples().then(keep);
    const names = this.cards.map(card => card.name);
    const twice = new Set(names.filter((name, i) => !name || names.indexOf(name) !== i));
    for (const card of this.cards) card.mark(twice.has(card.name));
    const taught = this.cards.filter(card => card.pictures.length && card.name);
    const why = twice.size && taught.some(card => twice.has(card.name)) ? 'Every class needs a name of its own.'
      : taught.length === 1 ? 'One more class with an example, and there is a classifier.'
        : taught.length === 0 ? 'An example in each of two classes makes the first classifier.' : null;
    if (why) return this.classifier.wait(why, names, [...names.keys()]);
    this.classifier.make(taught.map(card => ({ name: card.name, pictures: card.pictures })), this.unlabelled.pictures,
      taught.map(card => this.cards.indexOf(card)));
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
    };
  }

  #restore({ classes, unlabelled }) {
    this.#removeCards();
    for (const { name, images } of classes) this.addClass({ name })?.restore(images);
    while (this.cards.length < 2) this.addClass();
    this.unlabelled.removeAll();
    this.unlabelled.restore(unlabelled);
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

  #freeName() {
    for (let number = this.cards.length + 1; ; number++) {
      if (!this.cards.some(card => card.name === `Class ${number}`)) return `Class ${number}`;
    }
  }

  #number() {
    this.cards.forEach((card, index) => card.number(index));
  }
}

function describe(generator) {
  const what = generator.imageSize > 0 ? `${generator.imageSize} × ${generator.imageSize} ${generator.colours === 1 ? 'grey' : 'colour'} pixels` : 'vectors';
  const lead = document.getElementById('teach-lead');
  lead.append(' ', el('span', {}, `Generator: ${generator.name}, ${what}, up to ${generator.maxWays} classes.`));
}

export function startTeaching(status) {
  return new Board(status);
}
