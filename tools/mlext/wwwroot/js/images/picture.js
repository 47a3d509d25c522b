// Pictures as the page holds them: upright, on white, PNG. The server gets exactly these pixels, so that it and the browser see the same.

import { quoted } from '../format.js';

/** The longest side in pixels that is kept. */
const longestSide = 512;

/** An opaque canvas in sRGB, white. */
export function paper(width, height) {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [width, height];
  const context = contextOf(canvas);
  context.fillStyle = '#fff';
  context.fillRect(0, 0, width, height);
  return canvas;
}

export const contextOf = canvas => canvas.getContext('2d', { alpha: false, willReadFrequently: true });

/** A file or blob → a canvas no larger than the longest side. */
export async function canvasOf(blob) {
  let bitmap;
  try {
    bitmap = await createImageBitmap(blob);
  } catch {
    throw new Error(`${blob.name ? quoted(blob.name) : 'That'} is not an image that this browser can read.`);
  }
  const scale = Math.min(1, longestSide / Math.max(bitmap.width, bitmap.height));
  const canvas = paper(Math.max(1, Math.round(bitmap.width * scale)), Math.max(1, Math.round(bitmap.height * scale)));
  const context = contextOf(canvas);
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return canvas;
}

/** The PNG of a canvas. */
export const pngOf = canvas => new Promise((resolve, reject) =>
  canvas.toBlob(blob => blob ? resolve(blob) : reject(new Error('This browser could not make a PNG.')), 'image/png'));

/** A picture that can be shown and sent: { blob, url }. Call release when it is gone for good. */
export async function pictureOf(canvas) {
  const blob = await pngOf(canvas);
  const url = URL.createObjectURL(blob);
  return { blob, url, release: () => URL.revokeObjectURL(url) };
}

/** A PNG in base64 → a picture. */
export function pictureOfText(text) {
  const blob = new Blob([Uint8Array.from(atob(text), character => character.charCodeAt(0))], { type: 'image/png' });
  const url = URL.createObjectURL(blob);
  return { blob, url, base64: text, release: () => URL.revokeObjectURL(url) };
}

/** The bytes of a blob as base64. */
export async function base64Of(blob) {
  const data = new Uint8Array(await blob.arrayBuffer());
  let text = '';
  for (let at = 0; at < data.length; at += 32768) text += String.fromCharCode(...data.subarray(at, at + 32768));
  return btoa(text);
}
