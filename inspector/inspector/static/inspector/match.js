/** How well a name fits what was typed. Pure, so that it can be tested without a page. */

/**
 * Every word has to be somewhere in the text; a name that begins with it, or has a part that does, is better
 * than one that merely contains it, and a shorter one better than a longer one. A word that is nowhere as it
 * stands may have letters left out: `jobprt` is in `workshop.JobPart`.
 * @param {string} query lower case
 * @param {string} text lower case
 * @returns {number} higher is better; -1 when it does not fit
 */
export function score(query, text) {
  if (text === query) return 1000;
  let total = 0;
  for (const word of query.split(' ')) {
    if (!word) continue;
    const at = text.indexOf(word);
    if (at < 0) {
      const loose = scattered(word, text);
      if (loose < 0) return -1;
      total += loose;
    } else if (at === 0) total += 60;
    else if (startsPart(text, word)) total += 40;
    else total += 10;
  }
  return total - Math.min(9, text.length / 20);
}

/** Letters between those of a word, at most: more of them, and anything would fit anything. */
const BETWEEN = 6;

/**
 * How well the letters of a word fit in their order, close together; a first letter that begins a part of the name is
 * better. Less than what stands there as it is.
 * @param {string} word @param {string} text @returns {number} 1 to 9; -1 when they do not fit
 */
function scattered(word, text) {
  if (word.length < 3) return -1;
  let most = -1;
  for (let start = text.indexOf(word[0]); start >= 0; start = text.indexOf(word[0], start + 1)) {
    let at = start;
    for (let n = 1; n < word.length && at >= 0; n += 1) at = text.indexOf(word[n], at + 1);
    if (at < 0) break; // further to the right there are even fewer letters
    const between = at - start + 1 - word.length;
    if (between > BETWEEN) continue;
    const begins = start === 0 || SEPARATORS.includes(text[start - 1]);
    most = Math.max(most, 7 - between + (begins ? 2 : 0));
  }
  return most;
}

const SEPARATORS = ' ._-/:<';

/** Whether some part of the name, between its separators, begins with the word. @param {string} text @param {string} word */
function startsPart(text, word) {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (at === 0 || SEPARATORS.includes(text[at - 1])) return true;
  }
  return false;
}

/**
 * The best of many, in order; equal ones keep theirs.
 * @template T
 * @param {string} query @param {T[]} items
 * @param {(item: T) => string} textOf lower case
 * @param {(item: T) => number} bonusOf
 * @param {number} most
 * @returns {T[]}
 */
export function best(query, items, textOf, bonusOf, most) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean).join(' ');
  /** @type {{item: T, score: number, at: number}[]} */
  const found = [];
  items.forEach((item, at) => {
    const fits = words ? score(words, textOf(item)) : 0;
    if (fits >= 0) found.push({ item, score: fits + bonusOf(item), at });
  });
  found.sort((a, b) => b.score - a.score || a.at - b.at);
  return found.slice(0, most).map((one) => one.item);
}
