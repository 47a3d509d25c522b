// Sample images for who has none at hand: shapes of any colour, size and place.
import { contextOf, paper, pngOf } from '../images/picture.js';

const side = 40;
const perClass = 60;
const corners = { square: 4, triangle: 3, star: 5 };

/** Pictures in one folder a class: [{ path, blob }]. */
export async function drawnShapes() {
  const files = ['circle', 'square', 'star', 'triangle'].flatMap(shape => Array.from({ length: perClass }, async (_, index) =>
    ({ path: `shapes/${shape}/${String(index + 1).padStart(3, '0')}.png`, blob: await pngOf(draw(shape)) })));
  return Promise.all(files);
}

const between = (from, to) => from + Math.random() * (to - from);

function draw(shape) {
  const canvas = paper(side, side);
  const context = contextOf(canvas);
  const [hue, isLight] = [between(0, 360), Math.random() < 0.5];
  context.fillStyle = `hsl(${hue} ${between(20, 60)}% ${isLight ? between(78, 94) : between(12, 28)}%)`;
  context.fillRect(0, 0, side, side);
  context.fillStyle = `hsl(${hue + between(90, 270)} ${between(50, 90)}% ${isLight ? between(25, 45) : between(60, 80)}%)`;
  context.translate(between(16, 24), between(16, 24));
  context.rotate(between(-0.3, 0.3));
  outline(context, shape, between(9, 14));
  context.fill();
  return canvas;
}

function outline(context, shape, radius) {
  context.beginPath();
  if (shape === 'circle') return context.arc(0, 0, radius, 0, 2 * Math.PI);
  const points = corners[shape] * (shape === 'star' ? 2 : 1);
  for (let i = 0; i < points; i++) {
    const angle = (i / points - 0.25) * 2 * Math.PI + (shape === 'square' ? Math.PI / 4 : 0);
    const reach = shape === 'star' && i % 2 ? 0.42 * radius : radius;
    context.lineTo(reach * Math.cos(angle), reach * Math.sin(angle));
  }
  context.closePath();
}
