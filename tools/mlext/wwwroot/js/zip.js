// Writes zip files without compression: images are compressed already.

const table = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let k = 0; k < 8; k++) n = n & 1 ? (n >>> 1) ^ 0xedb88320 : n >>> 1;
  return n >>> 0;
});

function crc32(data) {
  let crc = ~0;
  for (const byte of data) crc = table[(crc ^ byte) & 255] ^ (crc >>> 8);
  return ~crc >>> 0;
}

/** Little-endian fields: [value, bytes]. */
function record(...fields) {
  const view = new DataView(new ArrayBuffer(fields.reduce((sum, [, size]) => sum + size, 0)));
  let at = 0;
  for (const [value, size] of fields) {
    if (size === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += size;
  }
  return view.buffer;
}

/**
 * Makes a zip file. The files stay where they are until it is sent.
 * @param {{path: string, blob: Blob}[]} files Paths with forward slashes.
 * @param {(share: number) => void} [onprogress] Told how much is done.
 * @returns {Promise<Blob>} The zip file, at most 4 GB and 65,535 files.
 */
export async function zipOf(files, onprogress = () => {}) {
  if (files.length > 65535) throw new Error(`A zip file made by this page holds at most 65,535 files; there are ${files.length}. Give the folder's path instead.`);
  const [body, directory] = [[], []];
  let offset = 0;
  let directorySize = 0;
  for (const [index, { path, blob }] of files.entries()) {
    const name = new TextEncoder().encode(path);
    const crc = crc32(new Uint8Array(await blob.arrayBuffer()));
    // version 2.0, names in UTF-8 (bit 11), stored, 1 January 1980
    const common = [[20, 2], [0x800, 2], [0, 2], [0, 2], [0x21, 2], [crc, 4], [blob.size, 4], [blob.size, 4], [name.length, 2], [0, 2]];
    body.push(record([0x04034b50, 4], ...common), name, blob);
    directory.push(record([0x02014b50, 4], [20, 2], ...common, [0, 2], [0, 2], [0, 2], [0, 4], [offset, 4]), name);
    offset += 30 + name.length + blob.size;
    directorySize += 46 + name.length;
    if (offset > 0xffffffff) throw new Error('These images are more than 4 GB. Give the folder\'s path instead.');
    if (index % 50 === 0) onprogress(index / files.length);
  }
  const end = record([0x06054b50, 4], [0, 2], [0, 2], [files.length, 2], [files.length, 2], [directorySize, 4], [offset, 4], [0, 2]);
  return new Blob([...body, ...directory, end], { type: 'application/zip' });
}
