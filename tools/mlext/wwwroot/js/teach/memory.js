// Keeps the examples while the page is loaded again in the same window. They are nowhere else in the browser, and gone with the window.
const place = 'examples';

/** The most text that is kept; browsers allow about five million characters. */
const limit = 4e6;

const askFirst = event => event.preventDefault();

/** Keeps { classes: [{ name, images }], unlabelled, rejectUnknown }, images in base64. Of what is too much nothing is kept, and the browser asks before the page is left. */
export function keep(examples) {
  const images = [...examples.classes.flatMap(one => one.images), ...examples.unlabelled];
  const isKept = images.reduce((sum, image) => sum + image.length, 0) < limit && store(JSON.stringify(examples));
  if (isKept || !images.length) removeEventListener('beforeunload', askFirst);
  else addEventListener('beforeunload', askFirst);
}

// Storage may be switched off, or full: then what was there before is no longer true.
function store(text) {
  try {
    sessionStorage.removeItem(place);
    sessionStorage.setItem(place, text);
    return true;
  } catch {
    return false;
  }
}

/** What was kept, or null. */
export function kept() {
  try {
    return JSON.parse(sessionStorage.getItem(place));
  } catch {
    return null;
  }
}
