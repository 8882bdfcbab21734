// Places the names of apps around their models, and decides how much room each has.

/**
 * @typedef {import('./viewport.js').Box} Box
 * @typedef {{name: string, left: number, top: number, width: number, onBorder: boolean}} Place  in screen pixels
 */

const LINE = 18;
/** Width in pixels of a letter, and of the swatch and padding next to the name. */
const LETTER = 8;
const BESIDE = 30;
/** Lines that a name may move up to avoid others. */
const UP = 3;
/** A narrower name would be meaningless. */
const NARROW = 34;

/**
 * The visible names. If two would overlap on a line, one moves up; a name without a free
 * line is cut or left out.
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
  // Zoomed in: in the region's header. Zoomed out: on its border, because the header
  // is too low for text.
  const near = view.k >= 0.5;
  const inset = near ? 10 : 8;
  // If a region's corner is off the screen, its name stays at the screen's edge.
  const left = Math.min(Math.max(x + inset, 8), Math.max(x + inset, x + wide - 80));
  const top = near ? Math.min(Math.max(y + 9, 8), Math.max(y + 9, y + high - 30)) : y - 10;
  // Outside its header a name has its own background, because a card may be below it.
  return { name, left: Math.round(left), top: Math.round(top), width: wide - 2 * inset, onBorder: !near || top > y + 9 };
}
