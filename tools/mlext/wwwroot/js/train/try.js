// A picture of one's own, and what a model takes it for.
import { el, fileButton } from '../dom.js';
import { acceptDrops } from '../drop.js';
import { milliseconds } from '../format.js';
import { canvasOf, pngOf } from '../images/picture.js';
import { nameOf, Scores } from '../scores.js';
import { complain } from '../toast.js';
import { Why } from '../why.js';
import { Learned } from './learned.js';

/**
 * A panel to drop an image on.
 * @param {string} title Its heading.
 * @param {string[]} classes The classes, in the order that they are shown in.
 * @param {(image: Blob) => Promise<object>} predict Asks the model.
 * @param {(image: Blob) => Promise<Blob>} explain Draws what spoke for its answer over the image.
 * @param {?(image: Blob) => Promise<object[]>} innerLoss Tells what its token mixers learn from the image; null where none learns in steps.
 */
export function tryPanel(title, classes, predict, explain, innerLoss) {
  const scores = new Scores();
  scores.setClasses(classes);
  const label = el('p.label', { role: 'status', dir: 'auto' }, 'Drop a picture');
  const time = el('p.muted', {}, 'It is stretched to the model\'s square, as in training.');
  const shown = el('img', { alt: 'The picture that was dropped', hidden: true });
  const why = new Why();
  const learned = new Learned();
  const look = async file => {
    try {
      const image = await pngOf(await canvasOf(file));
      const answer = await predict(image);
      URL.revokeObjectURL(shown.src);
      shown.src = URL.createObjectURL(file);
      shown.hidden = false;
      label.textContent = nameOf(answer);
      time.textContent = `in ${milliseconds(answer.milliseconds)} ms`;
      scores.show(answer.scores, answer.knownScore);
      why.offer(answer, () => explain(image));
      if (innerLoss) learned.offer(() => innerLoss(image));
    } catch (error) {
      complain(error);
    }
  };
  const target = el('div.drop.try-drop', {}, el('p', {}, 'Drop an image here'), fileButton('Choose an image', 'image', ([file]) => look(file), { multiple: false, kind: '.small' }), shown, why.image);
  acceptDrops(target, ([file]) => look(file));
  return el('div.panel', {}, el('h2', {}, title), el('div.try', {}, target, el('div.answer', {}, el('div', {}, label, time, el('div.buttons', {}, why.button, learned.button), why.legend), scores.element)), learned.element);
}
