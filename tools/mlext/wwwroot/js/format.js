// Numbers for people.

const whole = new Intl.NumberFormat('en');

export const count = number => whole.format(number);
export const plural = (number, one, many = `${one}s`) => `${whole.format(number)} ${number === 1 ? one : many}`;
/** A name in quotes, in whatever direction it is written. */
export const quoted = name => `“\u2068${name}\u2069”`;
export const percent = (share, digits = 1) => Number.isFinite(share) ? `${(100 * share).toFixed(digits)}\u2009%` : '–';
export const decimal = (value, digits = 3) => Number.isFinite(value) ? value.toFixed(digits) : '–';

/** 1:05, or 1:02:03. */
export function clock(seconds) {
  if (!Number.isFinite(seconds)) return '–';
  const all = Math.max(0, Math.round(seconds));
  const [hours, minutes, rest] = [Math.floor(all / 3600), Math.floor(all / 60) % 60, all % 60];
  const two = number => String(number).padStart(2, '0');
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** How a device is called: cpu, cuda:0. */
export const deviceName = device => device === 'cpu' ? 'CPU' : (device ?? '').replace(/^cuda:?(\d*)$/, 'GPU $1 (CUDA)');

/** 4.1, 41, 410. */
export const milliseconds = value => value < 9.95 ? value.toFixed(1) : whole.format(Math.round(value));

export function bytes(number) {
  if (number < 1000) return `${number} bytes`;
  if (number >= 1e9) return `${(number / 1e9).toFixed(1)} GB`;
  return number < 1e6 ? `${(number / 1e3).toFixed(number < 1e4 ? 1 : 0)} kB` : `${(number / 1e6).toFixed(1)} MB`;
}
