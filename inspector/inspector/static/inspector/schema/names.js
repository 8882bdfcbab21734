// Chooses the names to draw on a map whose cards are too small for them: models with the most
// incoming relations first. Pure.
import { words } from './measure.js';
import { touches } from './viewport.js';

/**
 * @typedef {import('./viewport.js').Box} Box
 * @typedef {{id: string, name: string, box: Box, rank: number, within: Box|null}} Named  rank: importance, higher first;
 *   within: where the name should stay if it fits
 * @typedef {{id: string, lines: string[], x: number, y: number, box: Box}} Written  x, y: centre of the text
 */

/** Line height on the screen in pixels, and the padding around a name. */
export const LINE = 12;
const ROOM = { x: 8, y: 3 };

/**
 * @param {Named[]} cards @param {number} k zoom
 * @param {Box[]} taken occupied areas, in diagram units
 * @param {(text: string) => number} widthOf width of a text in screen pixels
 * @returns {Written[]} without overlaps; a card without room for its name is left out
 */
export function namesFor(cards, k, taken, widthOf) {
  /** Boxes by grid cell, so that few need to be compared. @type {Map<string, Box[]>} */
  const cells = new Map();
  const [cw, ch] = [120 / k, 60 / k];
  /** @param {Box} box */
  const around = (box) => {
    const keys = [];
    for (let x = Math.floor(box.x / cw); x <= Math.floor((box.x + box.w) / cw); x += 1) for (let y = Math.floor(box.y / ch); y <= Math.floor((box.y + box.h) / ch); y += 1) keys.push(`${x} ${y}`);
    return keys;
  };
  /** @param {Box} box */
  const put = (box) => around(box).forEach((key) => {
    const cell = cells.get(key);
    if (cell) cell.push(box);
    else cells.set(key, [box]);
  });
  taken.forEach(put);
  // With hundreds of names, extra space between them keeps the map behind them visible.
  const air = cards.length > 200 ? 6 / k : 0;
  /** @type {Written[]} */
  const written = [];
  for (const { id, name, box, within } of [...cards].sort((a, b) => b.rank - a.rank || (a.id < b.id ? -1 : 1))) {
    // A name wider than its card is first tried on two lines.
    const whole = [name];
    const ways = widthOf(name) / k <= box.w ? [whole] : [inTwo(name), whole];
    for (const lines of ways) {
      const w = (Math.max(...lines.map(widthOf)) + ROOM.x) / k;
      const h = (lines.length * LINE + ROOM.y) / k;
      const y = box.y + box.h / 2;
      let x = box.x + box.w / 2;
      if (within && within.w > w) x = Math.min(Math.max(x, within.x + w / 2), within.x + within.w - w / 2);
      const area = { x: x - w / 2, y: y - h / 2, w, h };
      if (around(area).some((key) => (cells.get(key) || []).some((other) => touches(other, area)))) continue;
      put({ x: area.x - air, y: area.y - air, w: area.w + 2 * air, h: area.h + 2 * air });
      written.push({ id, lines, x, y, box: area });
      break;
    }
  }
  return written;
}

/**
 * A name on two lines of similar length, broken between words; on one line if it is a single word.
 * @param {string} name
 */
function inTwo(name) {
  const parts = words(name);
  let best = [name];
  for (let at = 1; at < parts.length; at += 1) {
    const lines = [parts.slice(0, at).join(''), parts.slice(at).join('')];
    const longest = (/** @type {string[]} */ of) => Math.max(...of.map((line) => line.length));
    if (longest(lines) < longest(best)) best = lines;
  }
  return best;
}
