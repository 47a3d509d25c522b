// A photograph of ink on paper → dark strokes on white, as a generator of symbols knows them.
import { toast } from '../toast.js';
import { contextOf, paper } from './picture.js';

/** Mean grey of the (2r + 1)² square around every pixel, by sums over rectangles. */
function localMeans(greys, width, height, reach) {
  const sums = new Float64Array((width + 1) * (height + 1));
  for (let y = 0; y < height; y++) {
    let row = 0;
    for (let x = 0; x < width; x++) {
      row += greys[y * width + x];
      sums[(y + 1) * (width + 1) + x + 1] = sums[y * (width + 1) + x + 1] + row;
    }
  }
  return Float32Array.from(greys, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    const [left, right] = [Math.max(0, x - reach), Math.min(width, x + reach + 1)];
    const [top, bottom] = [Math.max(0, y - reach), Math.min(height, y + reach + 1)];
    const at = (column, line) => sums[line * (width + 1) + column];
    return (at(right, bottom) - at(left, bottom) - at(right, top) + at(left, top)) / ((right - left) * (bottom - top));
  });
}

/** The median grey below which a picture has no white paper. */
const white = 225;

/** A picture with ink on white in place of a photograph of it. */
export function inkOf(canvas) {
  const clean = paper(canvas.width, canvas.height);
  contextOf(clean).putImageData(inkOnly(pixelsOf(canvas)), 0, 0);
  return clean;
}

/** Offers to turn what was just added into ink, if it is no drawing on white. */
export function offerInk(canvases, run) {
  if (canvases.every(isOnWhite)) return;
  toast('A photograph? This generator knows dark strokes on white paper.', { action: { name: 'Ink on paper', run }, seconds: 15 });
}

const pixelsOf = canvas => contextOf(canvas).getImageData(0, 0, canvas.width, canvas.height);

function isOnWhite(canvas) {
  const { data } = pixelsOf(canvas);
  const greens = Uint8Array.from({ length: data.length / 4 }, (_, i) => data[4 * i + 1]).sort();
  return greens[greens.length >> 1] >= white;
}

/** Makes what is clearly darker than its neighbourhood black and all else white, in place. */
function inkOnly(image) {
  const { data, width, height } = image;
  const greys = Float32Array.from({ length: width * height }, (_, i) => 0.299 * data[4 * i] + 0.587 * data[4 * i + 1] + 0.114 * data[4 * i + 2]);
  const means = localMeans(greys, width, height, Math.round(Math.max(width, height) / 8));
  const depths = greys.map((grey, i) => 1 - grey / Math.max(1, means[i]));
  const full = Math.max(0.3, depths.reduce((most, depth) => Math.max(most, depth), 0) * 0.7);
  for (let i = 0; i < greys.length; i++) {
    const ink = Math.min(1, Math.max(0, (depths[i] - 0.4 * full) / (0.3 * full)));
    data[4 * i] = data[4 * i + 1] = data[4 * i + 2] = Math.round(255 * (1 - ink));
    data[4 * i + 3] = 255;
  }
  return image;
}
