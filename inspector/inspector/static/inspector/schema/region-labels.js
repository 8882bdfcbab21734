// Where the names of apps stand around their models, and how much room each has.

/**
 * @typedef {import('./viewport.js').Box} Box
 * @typedef {{name: string, left: number, top: number, width: number, onBorder: boolean}} Place  in pixels of the screen
 */

const LINE = 18;
/** A name may be longer than its app is wide, up to here. */
const WIDE = 112;
/** Narrower than this, a name says nothing. */
const NARROW = 34;

/**
 * The names that can be seen. One ends where the next one on its line begins.
 * @param {{name: string, box: Box}[]} regions
 * @param {import('./viewport.js').View} view
 * @param {{w: number, h: number}} size
 * @returns {Place[]}
 */
export function places(regions, view, size) {
  const all = regions.map((region) => place(region, view, size)).filter(isPlace);
  for (const one of all) {
    for (const other of all) {
      const after = other !== one && Math.abs(other.top - one.top) < LINE && (other.left > one.left || (other.left === one.left && other.name > one.name));
      if (after) one.width = Math.min(one.width, other.left - one.left - 4);
    }
  }
  return all.filter((one) => one.width >= NARROW);
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
  return { name, left: Math.round(left), top: Math.round(top), width: Math.max(WIDE, wide - 2 * inset), onBorder: !near || top > y + 9 };
}
