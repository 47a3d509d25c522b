// Keeps the examples while the page is loaded again in the same window. They are nowhere else in the browser, and gone with the window.
const place = 'examples';

/** The most text that is kept; browsers allow about five million characters. */
const limit = 4e6;

/** Keeps { classes: [{ name, images }], unlabelled }, images in base64. What is too much is not kept. */
export function keep(examples) {
  try {
    const images = [...examples.classes.flatMap(one => one.images), ...examples.unlabelled];
    if (images.reduce((sum, image) => sum + image.length, 0) < limit) sessionStorage.setItem(place, JSON.stringify(examples));
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
