/** Version order, for Python's notation (`1.2rc1`, `1.2.post1`) and npm's (`1.2.0-beta.3`). */

/** A version without a suffix is a release, with rank `FINAL`. @type {Record<string, number>} */
const RANKS = { dev: 0, a: 1, alpha: 1, b: 2, beta: 2, c: 3, rc: 3, pre: 3, preview: 3, post: 5, rev: 5, r: 5 };
const FINAL = 4;

/**
 * @param {string} text
 * @returns {number[][] | null} parts to compare one by one; null if it is not a version
 */
function parse(text) {
  const match = /^(?:(\d{1,9})!)?(\d{1,9}(?:\.\d{1,9}){0,7})((?:[-_.]?[a-z]+[-_.]?\d{0,9}){0,3})(?:\+[a-z0-9.]+)?$/i.exec(text);
  if (!match) return null;
  const [, epoch = '0', release, rest] = match;
  const numbers = release.split('.').map(Number);
  while (numbers.length > 1 && numbers[numbers.length - 1] === 0) numbers.pop();
  const words = [...rest.toLowerCase().matchAll(/([a-z]+)[-_.]?(\d*)/g)];
  if (words.some(([, word]) => !Object.prototype.hasOwnProperty.call(RANKS, word))) return null;
  return [[Number(epoch)], numbers, ...words.map(([, word, number]) => [RANKS[word], Number(number)])];
}

/** @param {string} text */
export const isVersion = (text) => parse(text) !== null;

/**
 * @param {string} left
 * @param {string} right
 * @returns {number} below, equal to or above 0; an invalid version sorts before all others
 */
export function compareVersions(left, right) {
  const a = parse(left);
  const b = parse(right);
  if (!a || !b) return Number(Boolean(a)) - Number(Boolean(b));
  for (let i = 0; i < Math.max(a.length, b.length); i += 1) {
    const end = i < 2 ? [0] : [FINAL, 0];
    const [one, other] = [a[i] || end, b[i] || end];
    for (let j = 0; j < Math.max(one.length, other.length); j += 1) {
      const difference = (one[j] || 0) - (other[j] || 0);
      if (difference) return difference;
    }
  }
  return 0;
}
