// Step 2: options, and a training that can be watched and stopped.
import { api, follow } from '../api.js';
import { CurveChart } from '../charts.js';
import { button, el, fill, icon } from '../dom.js';
import { clock, decimal, deviceName, percent, plural } from '../format.js';
import { complain } from '../toast.js';
import { OptionsForm } from './options.js';

const phases = { reading: 'Reading images', training: 'Training', measuring: 'Measuring' };

export class RunStep {
  constructor(flow, status) {
    this.flow = flow;
    this.form = new OptionsForm(status, options => this.#start(options));
    this.options = document.getElementById('run-options');
    this.progress = document.getElementById('run-progress');
    this.lead = document.getElementById('run-lead');
    fill(this.options, this.form.element);
  }

  /** Images are there to train on. */
  offer(dataSet) {
    this.dataSet = dataSet;
    this.unfollow?.();
    this.form.reset(dataSet);
    this.#showOptions();
  }

  /** Shows a training, and what it does next. */
  follow(training) {
    this.flow.setRunning(training, this.dataSet);
    this.#showProgress();
    this.#update(training);
    if (training.state === 'running') {
      this.unfollow = follow(training.id, now => this.#update(now), now => this.#ended(now), () => this.#lost(training.id));
    } else {
      this.#ended(training);
    }
  }

  async #start(options) {
    this.form.lock(true);
    try {
      this.follow(await api.startTraining({ dataSet: this.dataSet.id, ...options }));
    } catch (error) {
      complain(error);
    } finally {
      this.form.lock(false);
    }
  }

  #showOptions() {
    this.options.hidden = false;
    this.progress.hidden = true;
    this.lead.textContent = 'Training takes as long as you give it, and keeps the model that did best on images that were held out.';
  }

  #showProgress() {
    this.options.hidden = true;
    this.progress.hidden = false;
    this.lead.textContent = '';
    for (const chart of this.charts ?? []) chart.destroy();
    this.state = el('h2', { role: 'status' });
    this.stop = button('Stop and keep the best', 'stop', () => this.#stop());
    this.bar = el('progress', { max: 1, 'aria-label': 'Progress of the training' });
    this.tiles = Object.fromEntries(['Elapsed', 'Remaining', 'Epoch', 'Best accuracy'].map(name => [name, el('dd', {}, '–')]));
    this.device = el('p.muted');
    this.foot = el('div.step-foot');
    const [loss, accuracy] = [chartPanel('Loss'), chartPanel('Accuracy')];
    fill(this.progress,
      el('div.panel', {}, el('div.run-head', {}, el('div', {}, this.state, this.device), this.stop), this.bar,
        el('dl.tiles', {}, ...Object.entries(this.tiles).map(([name, value]) => el('div.tile', {}, el('dt', {}, name), value)))),
      el('div.charts', {}, loss.element, accuracy.element), this.foot);
    this.canvases = [loss.canvas, accuracy.canvas];
    this.charts = [
      new CurveChart(loss.canvas, { isShare: false, training: 'trainLoss', validation: 'validationLoss' }),
      new CurveChart(accuracy.canvas, { isShare: true, training: 'trainAccuracy', validation: 'validationAccuracy' }),
    ];
    this.newest = '';
  }

  #update(training) {
    const { tiles } = this;
    const { curve, phase, progress } = training;
    const isRunning = training.state === 'running';
    if (isRunning && phase !== 'training') this.bar.removeAttribute('value');
    else this.bar.value = isRunning ? progress : 1;
    tiles.Elapsed.textContent = clock(training.elapsed);
    tiles.Remaining.textContent = isRunning ? clock(training.remaining ?? NaN) : '0:00';
    tiles.Epoch.textContent = curve.length ? String(curve.at(-1).epoch) : '–';
    const best = Math.max(...curve.map(point => point.validationAccuracy).filter(Number.isFinite));
    tiles['Best accuracy'].textContent = percent(best);
    this.device.textContent = deviceName(training.device);
    this.#say(training);
    this.flow.tell('run', !isRunning ? plural(curve.length, 'epoch') : phase === 'training' ? `${Math.round(100 * progress)}\u2009% done` : phases[phase],
      { done: !isRunning && training.state !== 'failed' });
    const newest = JSON.stringify(curve.at(-1));
    if (newest !== this.newest) { // the last point moves until its epoch ends
      this.newest = newest;
      for (const chart of this.charts) chart.update(curve);
      this.#describe(curve.at(-1));
    }
  }

  #say(training) {
    const text = { running: this.isStopping ? 'Stopping, and keeping the best' : phases[training.phase], finished: 'Trained', stopped: 'Stopped; the best model is kept', failed: 'That did not work' }[training.state];
    if (this.state.textContent !== text) this.state.textContent = text;
    this.stop.hidden = training.state !== 'running';
  }

  #describe(point) {
    if (!point) return;
    this.canvases[0].setAttribute('aria-label', `Loss after epoch ${point.epoch}: ${decimal(point.trainLoss)} in training, ${decimal(point.validationLoss)} on held-out images`);
    this.canvases[1].setAttribute('aria-label', `Accuracy after epoch ${point.epoch}: ${percent(point.trainAccuracy)} in training, ${percent(point.validationAccuracy)} on held-out images`);
  }

  async #stop() {
    this.stop.disabled = true;
    this.isStopping = true;
    try {
      await api.stopTraining(this.flow.training.id);
    } catch (error) {
      complain(error);
      this.isStopping = this.stop.disabled = false;
    }
  }

  async #ended(training) {
    this.isStopping = false;
    this.#update(training);
    const again = button('Train again', null, () => { this.#showOptions(); });
    if (training.state === 'failed') {
      fill(this.foot, again);
      this.foot.before(el('div.note.bad.spaced', { role: 'alert' }, icon('warn'), el('p', {}, training.error ?? 'The training failed.')));
      this.flow.setFailed();
      return;
    }
    fill(this.foot, again, button('Next: evaluate', 'arrow', () => this.flow.go('evaluate'), '.primary'));
    await this.flow.setModel(training, this.dataSet);
  }

  // The stream broke off: ask once more, a training survives that.
  async #lost(id) {
    try {
      const training = await api.training(id);
      if (training.state !== 'running') await this.#ended(training);
      else setTimeout(() => this.follow(training), 1500);
    } catch (error) {
      complain(error);
    }
  }
}

function chartPanel(title) {
  const canvas = el('canvas', { role: 'img', 'aria-label': `${title}: nothing yet` });
  return { canvas, element: el('div.panel', {}, el('div.panel-head', {}, el('h2', {}, title),
    el('div.legend', { 'aria-hidden': 'true' }, el('span.training', {}, 'training'), el('span.validation', {}, 'held out'))), el('div.chart', {}, canvas)) };
}
