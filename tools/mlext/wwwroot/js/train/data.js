// Step 1: choose images, and see what is in them.
import { api, uploadZip } from '../api.js';
import { button, el, fileButton, fill, icon } from '../dom.js';
import { acceptDrops } from '../drop.js';
import { bytes, count, plural } from '../format.js';
import { complain } from '../toast.js';
import { zipOf } from '../zip.js';
import { drawnShapes } from './shapes.js';
import { tryPanel } from './try.js';

const isImage = path => /\.(jpe?g|png|gif|bmp)$/i.test(path);

export class DataStep {
  constructor(flow, status) {
    this.flow = flow;
    this.limits = status.limits;
    this.model = status.model;
    this.chooser = document.getElementById('data-choose');
    this.preview = document.getElementById('data-preview');
    this.canOpenFolders = status.folders !== false;
    this.title = document.getElementById('data-title');
    this.#offer();
  }

  /** While a training runs, its images stay chosen. */
  lock(isLocked) {
    if (this.other) this.other.disabled = isLocked;
  }

  /** Shows what is in a data set. */
  show(dataSet) {
    this.chooser.hidden = true;
    this.title.textContent = 'Your images';
    this.preview.hidden = false;
    this.other = button('Choose other images', null, () => this.#giveUp(dataSet));
    fill(this.preview, summary(dataSet), classes(dataSet),
      el('div.step-foot', {}, this.other, button('Next: train', 'arrow', () => this.flow.go('run'), '.primary')));
  }

  #offer() {
    const zip = fileButton('Choose a zip file', 'zip', files => this.#take(files), { accept: '.zip,application/zip', multiple: false });
    const folder = fileButton('Choose a folder', 'folder', files => this.#take(files), { accept: '', folder: true, kind: '.primary-file' });
    const target = el('div.drop.chooser', {}, icon('folder'), el('div', {}, el('h2', {}, 'Drop a folder or a zip file here'),
        el('p.muted', {}, `Up to ${bytes(this.limits.uploadBytes)}, and ${count(this.limits.classes)} classes`)),
      el('div.buttons', {}, folder, zip),
      el('pre.tree', { 'aria-label': 'How the folder is laid out' }, 'flowers/\n├─ daisy/   a.jpg, b.jpg, …\n└─ tulip/   c.jpg, d.jpg, …'));
    target.firstElementChild.classList.add('big-icon');
    acceptDrops(target, files => this.#take(files), { folders: true });
    this.target = target;
    this.offered = [...target.childNodes];
    fill(this.chooser, this.model && tryPanel(`Try ${this.model.name}`, this.model.classes, api.predict), target,
      el('div.other-ways', {}, this.canOpenFolders && this.#byPath(), this.#bySample()));
  }

  #byPath() {
    const path = el('input', { type: 'text', id: 'data-path', placeholder: '/home/me/flowers', spellcheck: false, autocomplete: 'off', 'aria-describedby': 'data-path-help' });
    const form = el('form.inline-form', { onsubmit: event => {
      event.preventDefault();
      if (path.value.trim()) this.#work('Reading the folder', () => api.openFolder(path.value.trim()));
    } }, path, el('button.button', { type: 'submit' }, 'Open'));
    return el('div.panel', {}, el('h2', {}, el('label', { for: 'data-path' }, 'A folder on this computer')),
      el('p.muted', { id: 'data-path-help' }, 'For many images: its path, and nothing is copied.'), form);
  }

  #bySample() {
    return el('div.panel', {}, el('h2', {}, 'No images at hand?'), el('p.muted', {}, 'The page draws some: 240 pictures of circles, squares, stars and triangles.'),
      button('Draw sample images', 'shapes', () => this.#work('Drawing', async progress => this.#send(await drawnShapes(), 'shapes', progress))));
  }

  #take(files) {
    const [first] = files;
    if (files.length === 1 && /\.zip$/i.test(first.name)) {
      return this.#work(`Sending ${first.name}`, progress => this.#upload(first, first.name, progress));
    }
    const paths = files.map(file => ({ path: file.path ?? file.webkitRelativePath ?? file.name, blob: file }));
    const images = paths.filter(({ path }) => isImage(path) && path.includes('/'));
    if (!images.length) return complain(new Error('There are no images in folders. Drop one folder that has a folder for each class, or a zip file of it.'));
    return this.#work('Packing', progress => this.#send(images, images[0].path.split('/')[0], progress));
  }

  async #send(files, name, progress) {
    progress(0, `Packing ${plural(files.length, 'image')}`);
    const zip = await zipOf(files, share => progress(share));
    return this.#upload(zip, `${name}.zip`, progress);
  }

  #upload(zip, name, progress) {
    if (zip.size > this.limits.uploadBytes) {
      throw new Error(`'${name}' is ${bytes(zip.size)}; at most ${bytes(this.limits.uploadBytes)} can be sent. Give the folder's path instead.`);
    }
    progress(0, `Sending ${bytes(zip.size)}`);
    return uploadZip(zip, name, share => progress(share, share === 1 ? 'Looking at the images' : undefined));
  }

  async #work(what, job) {
    const [text, bar] = [el('p', { role: 'status' }, what), el('progress', { max: 1, 'aria-label': what })];
    fill(this.target, el('div.chooser-progress', {}, text, bar));
    try {
      const dataSet = await job((share, message) => {
        bar.value = share;
        if (message) text.textContent = message;
      });
      this.show(dataSet);
      this.flow.setData(dataSet);
      this.flow.go('data');
    } catch (error) {
      complain(error);
    } finally {
      fill(this.target, this.offered);
    }
  }

  #giveUp(dataSet) {
    this.preview.hidden = true;
    this.chooser.hidden = false;
    this.title.textContent = 'Choose your images';
    this.flow.setData(null);
    this.flow.go('data');
    api.deleteDataSet(dataSet.id).catch(() => {});
  }
}

function summary(dataSet) {
  const fact = (name, value) => el('div', {}, el('dt', {}, name), el('dd', {}, value));
  const warnings = dataSet.warnings ?? [];
  return el('div.panel', {}, el('div.panel-head', {}, el('h2', {}, dataSet.name)),
    el('dl.facts', {}, fact('images', count(dataSet.images)), fact('classes', count(dataSet.classes.length)),
      dataSet.imageSize > 0 && fact('pixels a side in the model', count(dataSet.imageSize)), dataSet.skipped > 0 && fact('other files, passed over', count(dataSet.skipped))),
    warnings.length > 0 && el('div.notes.spaced', {}, ...warnings.map(warning => el('div.note.warn', {}, icon('warn'), el('p', {}, warning)))));
}

function classes(dataSet) {
  const most = Math.max(...dataSet.classes.map(one => one.images));
  const rows = dataSet.classes.map(one => {
    const bar = el('i');
    bar.style.width = `${100 * one.images / most}%`;
    return el('li.class-row', {}, el('span.name', { dir: 'auto' }, one.name), el('span.count', { title: plural(one.images, 'image') }, bar, count(one.images)),
      el('span.thumbs', {}, ...one.examples.slice(0, 6).map(number => el('img', { src: api.imageUrl(dataSet.id, number), alt: '', loading: 'lazy', width: 44, height: 44 }))));
  });
  return el('div.panel', {}, el('h2', {}, 'Classes'), el('ul.class-rows', {}, ...rows));
}
