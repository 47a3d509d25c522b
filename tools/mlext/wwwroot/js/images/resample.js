// Canvas → the bytes a model reads. The same arithmetic as the server's, in single precision and in the same order, so that the same bytes
// come out: a separable triangle filter that widens when it shrinks; the picture is stretched to the square.

/** For each new pixel: the first old one that it sees, and the weights, which add up to 1. */
function tapsOf(from, to) {
  const scale = from / to;
  const reach = Math.max(scale, 1);
  return Array.from({ length: to }, (_, i) => {
    const centre = (i + 0.5) * scale;
    const first = Math.max(0, Math.floor(centre - reach));
    const last = Math.min(from - 1, Math.ceil(centre + reach) - 1);
    const weights = [];
    let sum = 0;
    for (let k = 0; k <= last - first; k++) {
      weights.push(Math.max(0, 1 - Math.abs(first + k + 0.5 - centre) / reach));
      sum += weights[k];
    }
    return { first, weights: Float32Array.from(weights, weight => weight / sum) };
  });
}

const round = value => Math.min(255, Math.max(0, Math.trunc(Math.fround(value + 0.5))));

/** RGBA [height, width, 4] → floats [height, S, 3]. */
function shrinkRows({ data, width, height }, taps) {
  const side = taps.length;
  const rows = new Float32Array(height * side * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < side; x++) {
      const { first, weights } = taps[x];
      for (let channel = 0; channel < 3; channel++) {
        let sum = 0;
        for (let k = 0; k < weights.length; k++) {
          sum = Math.fround(sum + Math.fround(weights[k] * data[4 * (y * width + first + k) + channel]));
        }
        rows[3 * (y * side + x) + channel] = sum;
      }
    }
  }
  return rows;
}

/** Floats [height, S, 3] → bytes [S, S, 3]. */
function shrinkColumns(rows, taps) {
  const side = taps.length;
  const pixels = new Uint8Array(side * side * 3);
  const sums = new Float32Array(side * 3);
  for (let y = 0; y < side; y++) {
    const { first, weights } = taps[y];
    sums.fill(0);
    for (let k = 0; k < weights.length; k++) {
      const start = (first + k) * side * 3;
      for (let i = 0; i < sums.length; i++) sums[i] += Math.fround(weights[k] * rows[start + i]);
    }
    for (let i = 0; i < sums.length; i++) pixels[y * side * 3 + i] = round(sums[i]);
  }
  return pixels;
}

/** Image data → RGB bytes [S, S, 3]. */
export function resample(image, side) {
  if (image.width === side && image.height === side) {
    return Uint8Array.from({ length: side * side * 3 }, (_, i) => image.data[4 * Math.floor(i / 3) + i % 3]);
  }
  return shrinkColumns(shrinkRows(image, tapsOf(image.width, side)), tapsOf(image.height, side));
}

/** RGB bytes [S, S, 3] → grey bytes [S, S, 1]. */
export function grey(pixels) {
  return Uint8Array.from({ length: pixels.length / 3 }, (_, i) =>
    Math.trunc((299 * pixels[3 * i] + 587 * pixels[3 * i + 1] + 114 * pixels[3 * i + 2] + 500) / 1000));
}
