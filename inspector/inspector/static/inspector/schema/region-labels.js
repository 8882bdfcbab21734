// Where the names of apps stand around their models, and how much room each has.

/**
 * @typedef {import('./viewport.js').Box} Box
 * @typedef {{name: string, left: number, top: number, width: number, onBorder: boolean}} Place  in pixels of the screen
 */

const LINE = 18;
/** Width of a letter, and of the swatch and the padding beside the name, in pixels. */
const LETTER = 8;
const BESIDE = 30;
/** Lines that a name may go up to get out of the way of others. */
const UP = 3;
/** Narrower than this, a name says nothing. */
const NARROW = 34;

/**
 * The names that can be seen, whole: where two would meet on a line, one goes up. What finds no line is cut, or left out.
 * @param {{name: string, box: Box}[]} regions
 * @param {import('./viewport.js').View} view
 * @param {{w: number, h: number}} size
 * @returns {Place[]}
 */
export function places(regions, view, size) {
  /** @type {Place[]} */
  const placed = [];
  const all = regions.map((region) => place(region, view, size)).filter(isPlace).sort((a, b) => a.left - b.left || (a.name < b.name ? 1 : -1));
  for (const one of all) {
    const needed = one.name.length * LETTER + BESIDE;
    const meets = (/** @type {number} */ top) => placed.filter((other) => Math.abs(other.top - top) < LINE && one.left < other.left + other.name.length * LETTER + BESIDE && other.left < one.left + needed);
    const lines = Array.from({ length: UP + 1 }, (_, up) => one.top - up * LINE);
    const free = lines.find((top) => !meets(top).length);
    if (free === undefined) one.width = Math.min(...meets(one.top).map((other) => (other.left > one.left ? other.left - one.left - 4 : 0)), one.width);
    else {
      if (free !== one.top) one.onBorder = true;
      one.top = free;
      one.width = Math.max(needed, one.width);
    }
    if (one.width >= NARROW) placed.push(one);
  }
  return placed;
}

/** @param {Place | null} one @returns {one is Place} */
const isPlace = (one) => one !== null;

/** @param {{name: string, box: Box}} region @param {import('./viewport.js').View} view @param {{w: number, h: number}} size @returns {Place | null} */
function place({ name, box }, view, size) {
  const x = box.x * view.k + view.x;
  const y = box.y * view.k + view.y;
  const wide = box.w * view.k;
  const high = box.h * view.k;
  if (wide <= NARROW || x + wide <= 0 || y + high <= 0 || x >= size.w || y >= size.h) return null;
  // Near: in the head of the region. Far: on its border, as the head is too low for a line of text.
  const near = view.k >= 0.5;
  const inset = near ? 10 : 8;
  // The name of a region whose corner is off the screen stays at the edge of the screen.
  const left = Math.min(Math.max(x + inset, 8), Math.max(x + inset, x + wide - 80));
  const top = near ? Math.min(Math.max(y + 9, 8), Math.max(y + 9, y + high - 30)) : y - 10;
  // Away from the head of its region it has a ground of its own, as there may be a card below.
  return { name, left: Math.round(left), top: Math.round(top), width: wide - 2 * inset, onBorder: !near || top > y + 9 };
}
