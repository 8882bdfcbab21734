// Where the numbers on the lines between apps go: beside the cards and beside each other, or nowhere.
import { bow } from './geometry.js';
import { touches } from './viewport.js';

/**
 * @typedef {import('./viewport.js').Box} Box
 * @typedef {{from: string, to: string, weight: number, fromBox: Box, toBox: Box, middle?: import('./geometry.js').Middle|null}} Bow  middle: of the ring
 * @typedef {{text: string, x: number, y: number, box: Box}} Label  x and y are its middle
 */

/** Parts of the way along a line, the best one first. */
const ALONG = [0.5, 0.4, 0.6, 0.3, 0.7, 0.22, 0.78];
const HEIGHT = 16;

/**
 * The heaviest line chooses first; a number that finds no room is left out, and the line's width still tells of it.
 * @param {Bow[]} bows
 * @param {number} unit  a pixel of the screen in the units of the diagram
 * @param {(text: string) => number} widthOf  a text in the units of the diagram
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
