// Small helpers to make elements.

/**
 * Makes an element.
 * @param {string} tag Its name, with classes: 'div.panel.wide'.
 * @param {object} [attributes] 'on' + event are listeners, 'data' an object, null and false are left out.
 * @param {...(Node|string|null|false)} children What is in it.
 */
export function el(tag, attributes = {}, ...children) {
  const [name, ...classes] = tag.split('.');
  const element = document.createElement(name);
  if (classes.length) element.className = classes.join(' ');
  for (const [key, value] of Object.entries(attributes)) set(element, key, value);
  element.append(...children.flat().filter(child => child !== null && child !== undefined && child !== false));
  return element;
}

function set(element, key, value) {
  if (value === null || value === undefined || value === false) return;
  if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
  else if (key === 'data') Object.assign(element.dataset, value);
  else if (key === 'vars') for (const [name, setting] of Object.entries(value)) element.style.setProperty(name, setting);
  else if (key in element && typeof value !== 'string') element[key] = value;
  else element.setAttribute(key, value);
}

/** One of icons.svg, for the eye only. */
export function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
  use.setAttribute('href', `icons.svg#${name}`);
  svg.append(use);
  return svg;
}

/** A button with an icon and a text. */
export function button(text, iconName, onclick, kind = '') {
  return el(`button.button${kind}`, { type: 'button', onclick }, iconName && icon(iconName), text);
}

/** A button that opens the system's file dialogue. 'label' names it where the text alone does not say enough. */
export function fileButton(text, iconName, onfiles, { accept = 'image/*', multiple = true, folder = false, kind = '', label = text } = {}) {
  const input = el('input', { type: 'file', accept, multiple, 'aria-label': label });
  if (folder) input.webkitdirectory = true;
  input.addEventListener('change', () => {
    const files = [...input.files];
    input.value = '';
    if (files.length) onfiles(files);
  });
  return el(`label.file-button${kind}`, {}, icon(iconName), el('span', { 'aria-hidden': 'true' }, text), input);
}

/** Replaces what is in an element. */
export function fill(element, ...children) {
  element.replaceChildren(...children.flat().filter(child => child !== null && child !== undefined && child !== false));
}

/** A colour for each class, by its number. */
export const hueOf = index => `var(--class-${index % 8})`;
