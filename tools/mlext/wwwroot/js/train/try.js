// A picture of one's own, and what a model takes it for.
import { el, fileButton } from '../dom.js';
import { acceptDrops } from '../drop.js';
import { milliseconds } from '../format.js';
import { canvasOf, pngOf } from '../images/picture.js';
import { nameOf, Scores } from '../scores.js';
import { complain } from '../toast.js';

/**
 * A panel to drop an image on.
 * @param {string} title Its heading.
 * @param {string[]} classes The classes, in the order that they are shown in.
 * @param {(image: Blob) => Promise<object>} predict Asks the model.
 * @param {(image: Blob) => Promise<Blob>} explain Draws what spoke for its answer over the image.
 */
export function tryPanel(title, classes, predict, explain) {
  const scores = new Scores();
  scores.setClasses(classes);
  const label = el('p.label', { role: 'status', dir: 'auto' }, 'Drop a picture');
  const time = el('p.muted', {}, 'It is stretched to the model\'s square, as in training.');
  const shown = el('img', { alt: 'The picture that was dropped', hidden: true });
  const drawn = el('img', { alt: 'What spoke for the answer, over the picture', hidden: true });
  const legend = el('p.muted', { hidden: true }, 'Orange spoke for the answer, blue against it.');
  const why = el('button.button.small', { type: 'button', hidden: true, 'aria-pressed': 'false', onclick: () => show(why.getAttribute('aria-pressed') === 'false') }, 'Why?');
  let asked = null; // the picture that was answered
  const put = (img, blob) => {
    if (img.src) URL.revokeObjectURL(img.src);
    img.src = URL.createObjectURL(blob);
  };
  // The picture, or what spoke for the answer over it; that is asked for when it is first wanted.
  const show = async isWhy => {
    const image = asked;
    try {
      if (isWhy && drawn.of !== image) {
        const picture = await explain(image);
        if (asked !== image) return;
        put(drawn, picture);
        drawn.of = image;
      }
    } catch (error) {
      isWhy = false;
      complain(error);
    }
    why.setAttribute('aria-pressed', String(isWhy));
    [shown.hidden, drawn.hidden, legend.hidden] = [isWhy, !isWhy, !isWhy];
  };
  const look = async file => {
    try {
      const image = await pngOf(await canvasOf(file));
      const answer = await predict(image);
      put(shown, file);
      label.textContent = nameOf(answer);
      time.textContent = `in ${milliseconds(answer.milliseconds)} ms`;
      scores.show(answer.scores, answer.knownScore);
      asked = image;
      why.hidden = false;
      await show(why.getAttribute('aria-pressed') === 'true');
    } catch (error) {
      complain(error);
    }
  };
  const target = el('div.drop.try-drop', {}, el('p', {}, 'Drop an image here'), fileButton('Choose an image', 'image', ([file]) => look(file), { multiple: false, kind: '.small' }), shown, drawn);
  acceptDrops(target, ([file]) => look(file));
  return el('div.panel', {}, el('h2', {}, title), el('div.try', {}, target, el('div.answer', {}, el('div', {}, label, time, why, legend), scores.element)));
}
