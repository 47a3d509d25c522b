// What can be set before a training. What is not touched is left to the trainer.
import { button, el } from '../dom.js';

const mixers = {
  'ttt-linear': 'TTT-Linear',
  'ttt-mlp': 'TTT-MLP',
  vit3: 'ViT³',
  'softmax-attention': 'Softmax attention',
  'linear-attention': 'Linear attention',
  'linear-attention-elu': 'Linear attention, elu',
  mesa: 'Mesa',
  'gated-delta-net': 'Gated DeltaNet',
  'gated-linear-attention': 'Gated linear attention',
  'lightning-attention': 'Lightning attention',
  cosformer: 'cosFormer',
  'norm-attention': 'Norm attention',
  'diagonal-attention': 'Diagonal attention',
  rala: 'RALA',
  'inline-attention': 'InLine attention',
  none: 'None',
};

const backbones = { auto: 'For photographs', resnet18: 'Always', none: 'Never' };

const times = [[60, '1 min'], [300, '5 min'], [600, '10 min'], [1800, '30 min']];

export class OptionsForm {
  constructor(status, onstart) {
    this.status = status;
    this.onstart = onstart;
    this.name = el('input', { type: 'text', maxLength: 60, autocomplete: 'off', spellcheck: false });
    this.mixer = el('select', {}, el('option', { value: '' }, 'The trainer\'s choice'), ...status.mixers.map(option));
    this.reject = el('input', { type: 'checkbox' });
    this.backbone = el('select', {}, ...Object.entries(backbones).map(([value, text]) => el('option', { value }, text)));
    this.size = el('input', { type: 'number', min: 8, max: 512, step: 1, placeholder: 'from the images' });
    this.seed = el('input', { type: 'number', min: 0, max: 2147483647, step: 1, placeholder: '0' });
    this.gpu = el('input', { type: 'number', min: 0, max: 63, step: 1, placeholder: 'none: the processor' });
    this.own = el('input', { type: 'number', min: 5, max: 86400, step: 1, 'aria-label': 'Seconds to train' });
    this.start = button('Start training', 'play', null, '.primary.large');
    this.start.type = 'submit';
    this.element = el('form.options', { onsubmit: event => { event.preventDefault(); this.onstart(this.#chosen()); } },
      this.#time(), this.#details(), el('div.step-foot', {}, this.start));
  }

  /** Fits what is offered to a data set. */
  reset(dataSet) {
    this.name.value = dataSet.name;
    const usual = dataSet.images < 500 ? 60 : dataSet.images < 5000 ? 300 : 1800;
    this.#choose(String(usual));
    this.size.placeholder = dataSet.imageSize > 0 ? `${dataSet.imageSize}, from the images` : 'from the images';
  }

  lock(isLocked) {
    this.start.disabled = isLocked;
  }

  #time() {
    const choice = ([seconds, text]) => el('label', {}, el('input', { type: 'radio', name: 'train-time', value: String(seconds), onchange: () => this.#choose(String(seconds)) }), el('span', {}, text));
    this.segments = el('div.segments', { role: 'radiogroup', 'aria-label': 'Time to train' }, ...times.map(choice));
    this.own.addEventListener('input', () => {
      for (const input of this.segments.querySelectorAll('input')) input.checked = input.value === this.own.value;
    });
    return el('fieldset.panel', {}, el('legend.visually-hidden', {}, 'Time'), el('h2', { 'aria-hidden': 'true' }, 'Time to train'),
      el('div.time-row', {}, this.segments, el('label.own', {}, this.own, 'seconds')),
      el('p.muted.spaced-small', {}, 'Longer is usually better. You can stop earlier and keep the best so far.'));
  }

  #choose(seconds) {
    for (const input of this.segments.querySelectorAll('input')) input.checked = input.value === seconds;
    this.own.value = seconds;
  }

  #details() {
    return el('details.panel', {}, el('summary', {}, 'More options'), el('div.option-grid', {},
      field('Name', this.name, 'of the model and the code'),
      field('ResNet-18 underneath', this.backbone, 'a network that has seen a million photographs'),
      field('None of these', this.reject, 'may be the answer to a picture of something else'),
      field('Token mixer', this.mixer, 'how parts of a picture see each other'),
      field('Image size', this.size, 'pixels a side; pictures are stretched to a square'),
      field('Seed', this.seed, 'of everything random'),
      field('CUDA device', this.gpu, 'number of a GPU; its absence is an error')));
  }

  #chosen() {
    const number = input => input.value === '' ? undefined : Number(input.value);
    return {
      name: this.name.value.trim() || undefined,
      trainTime: number(this.own) ?? 60,
      backbone: this.backbone.value,
      rejectUnknown: this.reject.checked,
      tokenMixer: this.mixer.value || undefined,
      imageSize: number(this.size),
      seed: number(this.seed),
      gpu: number(this.gpu),
    };
  }
}

const option = mixer => el('option', { value: mixer }, mixers[mixer] ?? mixer);

function field(name, input, help) {
  return el('label.field', {}, el('span', {}, name), input, el('small', {}, help));
}
