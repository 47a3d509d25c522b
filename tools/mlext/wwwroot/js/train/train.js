// The Train tab: data, train, evaluate, consume, one step at a time.
import { api } from '../api.js';
import { percent, plural } from '../format.js';
import { complain } from '../toast.js';
import { ConsumeStep } from './consume.js';
import { DataStep } from './data.js';
import { EvaluateStep } from './evaluate.js';
import { RunStep } from './run.js';

const names = ['data', 'run', 'evaluate', 'consume'];
const memory = 'training';

/** Leads through the steps; each step tells it what has been reached. */
class Flow {
  constructor(status) {
    this.buttons = Object.fromEntries(names.map(name => [name, document.querySelector(`.steps [data-step="${name}"]`)]));
    this.panels = Object.fromEntries(names.map(name => [name, document.querySelector(`[data-panel="${name}"]`)]));
    for (const name of names) this.buttons[name].addEventListener('click', () => this.go(name));
    this.data = new DataStep(this, status);
    this.run = new RunStep(this, status);
    this.evaluate = new EvaluateStep(this);
    this.consume = new ConsumeStep();
  }

  /** Shows a step. */
  go(name) {
    for (const other of names) {
      this.panels[other].hidden = other !== name;
      if (other === name) this.buttons[other].setAttribute('aria-current', 'step');
      else this.buttons[other].removeAttribute('aria-current');
    }
    window.scrollTo({ top: 0 });
    this.panels[name].querySelector('h1').focus({ preventScroll: true });
  }

  /** A step's line under its name, and whether it can be opened and is done. */
  tell(name, text, { open = true, done = false } = {}) {
    this.buttons[name].querySelector('small').textContent = text;
    this.buttons[name].disabled = !open;
    this.buttons[name].classList.toggle('done', done);
  }

  /** Images were chosen, or given up (null). */
  setData(dataSet) {
    this.tell('data', dataSet ? plural(dataSet.images, 'image') : 'Choose images', { done: Boolean(dataSet) });
    this.tell('run', 'Set a time', { open: Boolean(dataSet) });
    this.#closeResults();
    forget();
    if (dataSet) this.run.offer(dataSet);
  }

  /** A training began: what came of an earlier one is gone from the page. */
  setRunning(training, dataSet) {
    this.#closeResults();
    this.data.lock(true);
    this.training = training;
    remember({ training: training.id, dataSet });
  }

  /** A training ended with a model. */
  async setModel(training, dataSet) {
    this.data.lock(false);
    this.training = training;
    try {
      const evaluation = await this.evaluate.show(training, dataSet);
      this.tell('evaluate', evaluation ? `${percent(evaluation.microAccuracy)} right` : 'Not measured', { done: true });
    } catch (error) {
      complain(error);
      this.tell('evaluate', 'Could not be measured', { done: false });
    }
    this.consume.show(training);
    this.tell('consume', 'Model, ONNX, code');
  }

  /** A training ended without a model. */
  setFailed() {
    this.data.lock(false);
    forget();
  }

  /** After the page was loaded again: takes up a training of this window. */
  async resume() {
    const kept = recall();
    if (!kept) return;
    try {
      const training = await api.training(kept.training);
      this.data.show(kept.dataSet);
      this.setData(kept.dataSet);
      this.run.follow(training);
    } catch {
      forget(); // the server has been started again since
    }
  }

  #closeResults() {
    this.tell('evaluate', 'See how good it is', { open: false });
    this.tell('consume', 'Take it with you', { open: false });
  }
}

function remember(what) {
  try {
    sessionStorage.setItem(memory, JSON.stringify(what));
  } catch { /* then a reload starts afresh */ }
}

function recall() {
  try {
    return JSON.parse(sessionStorage.getItem(memory));
  } catch {
    return null;
  }
}

const forget = () => {
  try {
    sessionStorage.removeItem(memory);
  } catch { /* nothing was kept */ }
};

export function startTraining(status) {
  new Flow(status).resume();
}
