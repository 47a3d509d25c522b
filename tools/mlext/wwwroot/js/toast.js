// Short messages at the bottom of the window.
import { el } from './dom.js';

/** Shows a message; errors stay until they are closed. Returns its element, which is in the document while it is shown. */
export function toast(message, { bad = false, action = null, seconds = 6 } = {}) {
  const close = () => item.remove();
  const item = el(`div.toast${bad ? '.bad' : ''}`, { role: bad ? 'alert' : null }, el('p', {}, message),
    action && el('button', { type: 'button', onclick: () => { close(); action.run(); } }, action.name),
    el('button', { type: 'button', 'aria-label': 'Close this message', onclick: close }, '✕'));
  const all = document.getElementById('toasts');
  for (const other of [...all.children]) {
    if (other.firstElementChild.textContent === message) other.remove();
  }
  all.append(item);
  while (all.children.length > 3) all.firstElementChild.remove();
  if (!bad) setTimeout(close, seconds * 1000);
  return item;
}

/** Shows an error. */
export const complain = error => toast(error.message ?? String(error), { bad: true });
