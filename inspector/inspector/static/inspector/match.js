/** Scores how well a name matches the typed text. Pure, so it can be tested without a page. */

/**
 * Every word must occur in the text. A name that starts with it, or has a part that does, scores
 * higher than one that only contains it; shorter names score higher than longer ones. Letters may
 * be missing from a word: `jobprt` matches `workshop.JobPart`.
 * @param {string} query lower case
 * @param {string} text lower case
 * @returns {number} higher is better; -1 for no match
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

/** Maximum gap between the letters of a word: with more, everything would match. */
const BETWEEN = 6;

/**
 * Scores letters that occur in order and close together, higher if the first one starts a part of
 * the name. Always lower than an exact occurrence.
 * @param {string} word @param {string} text @returns {number} 1 to 9; -1 for no match
 */
function scattered(word, text) {
  if (word.length < 3) return -1;
  let most = -1;
  for (let start = text.indexOf(word[0]); start >= 0; start = text.indexOf(word[0], start + 1)) {
    let at = start;
    for (let n = 1; n < word.length && at >= 0; n += 1) at = text.indexOf(word[n], at + 1);
    if (at < 0) break; // too few letters remain further right
    const between = at - start + 1 - word.length;
    if (between > BETWEEN) continue;
    const begins = start === 0 || SEPARATORS.includes(text[start - 1]);
    most = Math.max(most, 7 - between + (begins ? 2 : 0));
  }
  return most;
}

const SEPARATORS = ' ._-/:<';

/** Whether any part of the name starts with the word. @param {string} text @param {string} word */
function startsPart(text, word) {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (at === 0 || SEPARATORS.includes(text[at - 1])) return true;
  }
  return false;
}

/**
 * The best matches, in order; the sort is stable.
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
