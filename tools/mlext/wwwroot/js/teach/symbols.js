// Three made-up symbols for who wants to look before drawing: each is written anew, by another hand every time.
import { contextOf, paper } from '../images/picture.js';
import { padSide } from '../pad.js';

/** Strokes through points of a square from -1 to 1. */
const symbols = {
  Hook: [[[-0.5, -0.9], [-0.5, 0.3], [-0.1, 0.85], [0.5, 0.6], [0.55, 0.1]], [[-0.9, -0.35], [0.3, -0.5]]],
  Gate: [[[-0.7, 0.85], [-0.65, -0.7], [0.65, -0.8], [0.7, 0.8]], [[-0.65, 0.05], [0.65, 0]], [[0, -0.75], [0.05, 0]]],
  Wave: [[[-0.9, -0.2], [-0.5, -0.75], [-0.1, -0.2], [0.3, 0.3], [0.85, -0.3]], [[-0.6, 0.75], [0.6, 0.7]]],
};

const between = (from, to) => from + Math.random() * (to - from);

/** { classes: [{ name, drawings }], question }: three drawings of each, and one more of the second. */
export function sampleSymbols() {
  const classes = Object.entries(symbols).map(([name, strokes]) => ({ name, drawings: [write(strokes), write(strokes), write(strokes)] }));
  return { classes, question: write(symbols.Gate) };
}

function write(strokes) {
  const canvas = paper(padSide, padSide);
  const context = contextOf(canvas);
  context.translate(padSide * between(0.47, 0.53), padSide * between(0.47, 0.53));
  context.rotate(between(-0.12, 0.12));
  context.transform(1, 0, between(-0.15, 0.15), 1, 0, 0);
  const size = 0.36 * padSide;
  context.scale(size * between(0.88, 1.06), size * between(0.88, 1.06));
  context.lineWidth = between(0.11, 0.15);
  context.lineCap = context.lineJoin = 'round';
  for (const stroke of strokes) trace(context, stroke.map(([x, y]) => [x + between(-0.07, 0.07), y + between(-0.07, 0.07)]));
  return canvas;
}

/** A smooth line through the points. */
function trace(context, points) {
  context.beginPath();
  context.moveTo(...points[0]);
  for (let i = 0; i + 1 < points.length; i++) {
    const [before, from, to, after] = [points[Math.max(0, i - 1)], points[i], points[i + 1], points[Math.min(points.length - 1, i + 2)]];
    const bend = (a, b, c, sign) => [b[0] + sign * (c[0] - a[0]) / 6, b[1] + sign * (c[1] - a[1]) / 6];
    context.bezierCurveTo(...bend(before, from, to, 1), ...bend(from, to, after, -1), ...to);
  }
  context.stroke();
}
