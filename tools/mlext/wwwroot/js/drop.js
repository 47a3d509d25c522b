// Files that are dropped or pasted.

/** Makes an element take dropped files. A dropped folder becomes its files, each with its path in 'path'. */
export function acceptDrops(element, onfiles, { folders = false } = {}) {
  let depth = 0;
  const has = event => [...event.dataTransfer?.types ?? []].includes('Files');
  element.addEventListener('dragenter', event => {
    if (!has(event)) return;
    event.preventDefault();
    depth++;
    element.classList.add('over');
  });
  element.addEventListener('dragover', event => {
    if (!has(event)) return;
    event.preventDefault();
    event.stopPropagation();
  });
  element.addEventListener('dragleave', () => {
    depth = Math.max(0, depth - 1);
    if (depth === 0) element.classList.remove('over');
  });
  element.addEventListener('drop', async event => {
    if (!has(event)) return;
    event.preventDefault();
    event.stopPropagation();
    depth = 0;
    element.classList.remove('over');
    const entries = folders ? [...event.dataTransfer.items].map(item => item.webkitGetAsEntry?.()).filter(Boolean) : [];
    const plain = [...event.dataTransfer.files];
    const files = entries.some(entry => entry.isDirectory) ? (await Promise.all(entries.map(readEntry))).flat() : plain;
    if (files.length) onfiles(files);
  });
}

async function readEntry(entry) {
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
    file.path = entry.fullPath.slice(1);
    return [file];
  }
  const reader = entry.createReader();
  const files = [];
  for (;;) { // hands out at most 100 at a time
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!some.length) return files;
    files.push(...(await Promise.all(some.map(readEntry))).flat());
  }
}

/** The images of a paste. */
export const pastedImages = event => [...event.clipboardData?.files ?? []].filter(file => file.type.startsWith('image/'));

/** A file dropped beside every target would replace the page. */
export function ignoreStrayDrops() {
  for (const name of ['dragover', 'drop']) {
    window.addEventListener(name, event => {
      event.preventDefault();
      if (name === 'dragover') event.dataTransfer.dropEffect = 'none';
    });
  }
}
