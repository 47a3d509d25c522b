// The camera: one stream for everything on the page that looks through it, open only while something does.
import { button, el, fill } from './dom.js';
import { inkOf } from './images/clean.js';
import { contextOf, paper } from './images/picture.js';
import { complain } from './toast.js';

/** Pixels of a picture's side: as much as classifiers look at, and small enough for a hundred pictures of every class. */
const side = 224;

const views = new Set(); // those that are open
let stream = null;       // a promise of the stream that they share
let chosen = null;       // the camera to use where there are several

/** Closes all views, and with them the camera. */
export function closeCamera() {
  for (const view of [...views]) view.close();
}

// Nobody looks at a page that is hidden.
document.addEventListener('visibilitychange', () => document.hidden && closeCamera());

const refusals = {
  NotAllowedError: 'The browser was not allowed to use the camera. Allow it for this page, and try again.',
  NotFoundError: 'There is no camera on this device.',
  NotReadableError: 'The camera is there but gives no picture. Another program may be using it.',
  OverconstrainedError: 'That camera is no longer there.',
};

async function openStream() {
  if (!navigator.mediaDevices) throw new Error('Browsers give the camera only to pages of this computer (localhost) and to pages over https.');
  const which = chosen ? { deviceId: { exact: chosen } } : { facingMode: 'environment' };
  try {
    const opened = await navigator.mediaDevices.getUserMedia({ audio: false, video: { ...which, width: { ideal: 640 }, height: { ideal: 480 } } });
    opened.getVideoTracks()[0].addEventListener('ended', () => {
      closeCamera();
      complain(new Error('The camera was switched off or taken away.'));
    });
    return opened;
  } catch (error) {
    chosen = null;
    throw new Error(refusals[error.name] ?? 'The camera could not be opened.');
  }
}

async function closeStream() {
  const old = stream;
  stream = null;
  try {
    for (const track of (await old).getTracks()) track.stop();
  } catch { /* it did not open */ }
}

/** What the camera sees, in a square, for one place of the page. */
export class CameraView {
  /**
   * @param {'usual'|'offered'|null} ink Whether pictures are made ink on white unless that is switched off, or where it is switched on; null for never.
   * @param {{onopen: () => void, onready?: () => void, onclose: () => void}} events It was opened; it has pictures; it was closed, by whatever.
   */
  constructor(ink, { onopen, onready = () => {}, onclose }) {
    this.events = { onopen, onclose };
    this.video = el('video', { autoplay: true, playsInline: true, muted: true, hidden: true, 'aria-label': 'What the camera sees', onloadeddata: () => this.isOpen && onready() });
    this.choice = el('select', { 'aria-label': 'Which camera', onchange: () => this.#choose() });
    this.ink = el('input', { type: 'checkbox', checked: ink === 'usual' });
    this.tools = el('div.camera-tools', { hidden: true }, this.choice, ink && el('label.switch', {}, this.ink, 'Ink on paper'));
    this.button = button('Camera', 'camera', () => this.isOpen ? this.close() : this.open(), '.small');
    this.#show(false);
  }

  get isOpen() {
    return views.has(this);
  }

  /** Opens the camera, or joins those who look through it already. Says why where that cannot be. */
  async open() {
    if (this.isOpen) return;
    views.add(this);
    this.#show(true);
    this.events.onopen();
    try {
      await this.#attach();
    } catch (error) {
      if (!this.isOpen) return;
      closeCamera();
      complain(error);
    }
  }

  /** Looks no longer; the camera is released with the last one. */
  close() {
    if (!views.delete(this)) return;
    this.video.srcObject = null;
    this.#show(false);
    if (!views.size) closeStream();
    this.events.onclose();
  }

  /** The middle square of what it sees now. */
  picture() {
    const canvas = paper(side, side);
    const context = contextOf(canvas);
    const { videoWidth: width, videoHeight: height } = this.video;
    const cut = Math.min(width, height);
    context.imageSmoothingQuality = 'high';
    context.drawImage(this.video, (width - cut) / 2, (height - cut) / 2, cut, cut, 0, 0, side, side);
    return this.ink.checked ? inkOf(canvas) : canvas;
  }

  /** Waits until the camera has another picture. */
  next() {
    return new Promise(resolve => this.video.requestVideoFrameCallback ? this.video.requestVideoFrameCallback(resolve) : requestAnimationFrame(resolve));
  }

  async #attach() {
    const opened = await (stream ??= openStream());
    if (!this.isOpen) return;
    this.video.srcObject = opened;
    const cameras = (await navigator.mediaDevices.enumerateDevices()).filter(device => device.kind === 'videoinput');
    const present = opened.getVideoTracks()[0].getSettings().deviceId;
    this.choice.hidden = cameras.length < 2;
    fill(this.choice, cameras.map((camera, i) => el('option', { value: camera.deviceId, selected: camera.deviceId === present }, camera.label || `Camera ${i + 1}`)));
  }

  async #choose() {
    chosen = this.choice.value;
    await closeStream(); // many telephones open one camera at a time
    try {
      await Promise.all([...views].map(view => view.#attach()));
    } catch (error) {
      closeCamera();
      complain(error);
    }
  }

  #show(isOpen) {
    this.button.setAttribute('aria-pressed', String(isOpen));
    this.video.hidden = this.tools.hidden = !isOpen;
  }
}
