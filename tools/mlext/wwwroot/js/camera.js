// Takes pictures with the camera, where the browser has one.
import { button, el } from './dom.js';
import { inkOf } from './images/clean.js';
import { contextOf, paper } from './images/picture.js';
import { complain } from './toast.js';

const side = 280;

/** Shows the buttons for the camera while there is one. Browsers give it to localhost and to https only. */
export async function lookForCamera() {
  const look = async () => {
    const devices = await navigator.mediaDevices?.enumerateDevices?.().catch(() => []) ?? [];
    document.documentElement.toggleAttribute('data-camera', devices.some(device => device.kind === 'videoinput'));
  };
  navigator.mediaDevices?.addEventListener?.('devicechange', look);
  await look();
}

/** A button that opens the camera; hidden while there is none. */
export function cameraButton(title, onpicture, options) {
  return button('Camera', 'camera', () => takePictures(title(), onpicture, options), '.small.needs-camera');
}

/**
 * Opens the camera. Every picture is the middle square of what it sees.
 * @param {string} title What the pictures are for.
 * @param {(canvas: HTMLCanvasElement) => void} onpicture Takes one picture.
 * @param {{many?: boolean, ink?: boolean}} options Whether it stays open; whether pictures become ink on white unless that is switched off.
 */
async function takePictures(title, onpicture, { many = true, ink = false } = {}) {
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment', width: { ideal: 1280 } }, audio: false });
  } catch (error) {
    complain(error.name === 'NotAllowedError' ? new Error('The browser did not allow the camera.') : new Error('There is no camera that could be opened.'));
    return;
  }
  const video = el('video', { autoplay: true, playsInline: true, muted: true, 'aria-label': 'What the camera sees' });
  video.srcObject = stream;
  const clean = el('input', { type: 'checkbox', checked: ink });
  const taken = el('span.muted.figures', { role: 'status' });
  let pictures = 0;
  const take = () => {
    onpicture(square(video, clean.checked));
    if (!many) return dialog.close();
    taken.textContent = `${++pictures} taken`;
  };
  const shutter = button('Take a picture', 'camera', take, '.primary');
  const dialog = el('dialog', { 'aria-label': title, onclose: () => { stream.getTracks().forEach(track => track.stop()); dialog.remove(); } },
    el('h2', {}, title), video,
    el('div.buttons', {}, el('label.switch', {}, clean, 'Ink on paper'), taken),
    el('div.buttons', {}, button('Done', null, () => dialog.close()), shutter));
  document.body.append(dialog);
  dialog.showModal();
  shutter.focus();
}

function square(video, ink) {
  const canvas = paper(side, side);
  const context = contextOf(canvas);
  const cut = Math.min(video.videoWidth, video.videoHeight);
  context.imageSmoothingQuality = 'high';
  context.drawImage(video, (video.videoWidth - cut) / 2, (video.videoHeight - cut) / 2, cut, cut, 0, 0, side, side);
  return ink ? inkOf(canvas) : canvas;
}
