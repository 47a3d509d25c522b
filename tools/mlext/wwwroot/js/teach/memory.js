// Keeps the examples while the page is loaded again in the same window. They are nowhere else in the browser, and gone with the window.
const place = 'examples';

/** The most text that is kept; browsers allow about five million characters. */
const limit = 4e6;

/** Keeps { classes: [{ name, images }], unlabelled }, images in base64. What is too much is not kept. */
export function keep(examples) {
  try {
    const text = JSON.stringify(examples);
    if (text.length < limit) sessionStorage.setItem(place, text);
    else sessionStorage.removeItem(place);
  } catch { /* storage may be switched off, or full */ }
}

/** What was kept, or null. */
export function kept() {
  try {
    return JSON.parse(sessionStorage.getItem(place));
  } catch {
    return null;
  }
}
