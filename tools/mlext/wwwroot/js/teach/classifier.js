// The classifier on the server: made anew after each change, one request at a time, always of the newest examples.
import { api } from '../api.js';
import { base64Of } from '../images/picture.js';

export class GeneratedClassifier extends EventTarget {
  /** { kind: 'none', why, names, hues } | { kind: 'ready', id, names, hues, milliseconds, bytes, examples, unlabelled } | { kind: 'failed', why, names, hues } */
  state = { kind: 'none', why: '', names: [], hues: [] };

  #wanted = null;   // the newest wish that nobody works on
  #present = null;  // the wish that is worked on, while it still counts
  #isBusy = false;
  #id = null;

  /** There cannot be one now. */
  wait(why, names, hues) {
    this.#wanted = this.#present = null;
    this.#become({ kind: 'none', why, names, hues });
  }

  /**
   * Asks for a classifier. While one is being made, only the newest wish is kept.
   * @param {{name: string, pictures: {blob: Blob}[]}[]} classes Two or more, each with an example; one is enough where it may be none of these.
   * @param {{blob: Blob}[]} unlabelled Examples without a class.
   * @param {number[]} hues The number of the colour of each class.
   * @param {boolean} rejectUnknown Whether it may answer none of these.
   */
  async make(classes, unlabelled, hues, rejectUnknown) {
    this.#wanted = { classes: classes.map(({ name, pictures }) => ({ name, pictures: [...pictures] })), unlabelled: [...unlabelled], hues, rejectUnknown };
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      while (this.#wanted) {
        const wish = this.#wanted;
        this.#wanted = null;
        await this.#fulfil(wish);
      }
    } finally {
      this.#isBusy = false;
    }
  }

  async #fulfil(wish) {
    const { classes, unlabelled, hues, rejectUnknown } = wish;
    this.#present = wish;
    const stillWanted = () => !this.#wanted && this.#present === wish;
    try {
      const support = {
        classes: await Promise.all(classes.map(async ({ name, pictures }) => ({ name, images: await Promise.all(pictures.map(encoded)) }))),
        unlabelled: await Promise.all(unlabelled.map(encoded)),
      };
      const made = await this.#send(support, rejectUnknown);
      if (!stillWanted()) return;
      const names = made.classes.map(one => one.name);
      this.#become({
        kind: 'ready', id: made.id, names, hues: names.map(name => hues[classes.findIndex(one => one.name === name)] ?? 0),
        milliseconds: made.milliseconds, bytes: made.bytes, unlabelled: unlabelled.length,
        examples: classes.reduce((sum, one) => sum + one.pictures.length, 0), imageSize: made.imageSize, colours: made.colours, generator: made.generator, sharesEmbedding: made.sharesEmbedding,
      });
    } catch (error) {
      if (stillWanted()) this.#become({ kind: 'failed', why: error.message, names: classes.map(one => one.name), hues });
    }
  }

  // The server keeps a limited number of classifiers: one that has gone is made as a new one.
  async #send(support, rejectUnknown) {
    if (this.#id) {
      try {
        return await api.replaceClassifier(this.#id, support, rejectUnknown);
      } catch (error) {
        if (error.status !== 404) throw error;
      }
    }
    const made = await api.createClassifier(support, rejectUnknown);
    this.#id = made.id;
    return made;
  }

  #become(state) {
    this.state = state;
    this.dispatchEvent(new Event('change'));
  }
}

// A picture does not change: its text is made once.
const encoded = picture => picture.base64 ??= base64Of(picture.blob);
