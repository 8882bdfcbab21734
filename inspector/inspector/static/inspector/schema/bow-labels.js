// Places the numbers on lines between apps so that they overlap neither cards nor each
// other, or leaves them out.
import { bow } from './geometry.js';
import { touches } from './viewport.js';

/**
 * @typedef {import('./viewport.js').Box} Box
 * @typedef {{from: string, to: string, weight: number, fromBox: Box, toBox: Box, middle?: import('./geometry.js').Middle|null}} Bow  middle: centre of the ring
 * @typedef {{text: string, x: number, y: number, box: Box}} Label  x, y: centre
 */

/** Candidate positions along a line, best first. */
const ALONG = [0.5, 0.4, 0.6, 0.3, 0.7, 0.22, 0.78];
const HEIGHT = 16;

/**
 * The heaviest line chooses first. A number without room is left out; the line's
 * width still shows it.
 * @param {Bow[]} bows
 * @param {number} unit  a screen pixel in diagram units
 * @param {(text: string) => number} widthOf  width of a text in diagram units
 * @returns {Label[]}
 */
export function labels(bows, unit, widthOf) {
  /** @type {Map<string, Box>} */
  const cards = new Map();
  for (const line of bows) cards.set(line.from, line.fromBox).set(line.to, line.toBox);
  const taken = Array.from(cards.values());
  /** @type {Label[]} */
  const placed = [];
  for (const line of bows.slice().sort((a, b) => b.weight - a.weight)) {
    const text = String(line.weight);
    const w = widthOf(text) + 8 * unit;
    const h = HEIGHT * unit;
    for (const [x, y] of spots(line)) {
      const box = { x: x - w / 2, y: y - h / 2, w, h };
      if (taken.some((other) => touches(other, box))) continue;
      taken.push(box);
      placed.push({ text, x, y, box });
      break;
    }
  }
  return placed;
}

/** @param {Bow} line @returns {number[][]} points on its curve */
function spots({ fromBox, toBox, middle }) {
  const { x1, y1, x2, y2, cx, cy } = bow(fromBox, toBox, middle);
  return ALONG.map((t) => {
    const [a, b, c] = [(1 - t) ** 2, 2 * t * (1 - t), t ** 2];
    return [a * x1 + b * cx + c * x2, a * y1 + b * cy + c * y2];
  });
}
