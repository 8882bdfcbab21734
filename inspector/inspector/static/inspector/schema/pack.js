// Packs unrelated rectangles side by side on shelves. Pure.

/** @typedef {import('./separate.js').Rect} Rect */

/**
 * Moves rectangles in place, tallest first, in rows, so that the whole is about `aspect`
 * times as wide as high.
 * @param {Rect[]} rects @param {number} gap @param {number} aspect
 * @returns {{w: number, h: number}} total size
 */
export function shelves(rects, gap, aspect = 2) {
  const area = rects.reduce((sum, rect) => sum + (rect.w + gap) * (rect.h + gap), 0);
  const widest = rects.reduce((most, rect) => Math.max(most, rect.w), 0);
  const room = Math.max(widest, Math.sqrt(area * aspect));
  const order = [...rects].sort((a, b) => b.h - a.h || b.w - a.w || (a.id < b.id ? -1 : 1));
  let [x, y, shelf, w] = [0, 0, 0, 0];
  for (const rect of order) {
    if (x > 0 && x + rect.w > room) {
      x = 0;
      y += shelf + gap;
      shelf = 0;
    }
    rect.x = x;
    rect.y = y;
    x += rect.w + gap;
    w = Math.max(w, x - gap);
    shelf = Math.max(shelf, rect.h);
  }
  return { w, h: y + shelf };
}

/**
 * The same in columns of equal width, filled from the top, so that tall cards leave
 * no gaps next to them.
 * @param {Rect[]} rects @param {number} gap @param {number} aspect
 */
export function columns(rects, gap, aspect = 1.8) {
  const widest = rects.reduce((most, rect) => Math.max(most, rect.w), 0);
  const area = rects.reduce((sum, rect) => sum + (widest + gap) * (rect.h + gap), 0);
  const count = Math.max(1, Math.min(rects.length, Math.round(Math.sqrt(area * aspect) / (widest + gap))));
  const heights = new Array(count).fill(0);
  for (const rect of [...rects].sort((a, b) => b.h - a.h || (a.id < b.id ? -1 : 1))) {
    const at = heights.indexOf(Math.min(...heights));
    rect.x = at * (widest + gap);
    rect.y = heights[at];
    heights[at] += rect.h + gap;
  }
  return { w: count * (widest + gap) - gap, h: Math.max(...heights) - gap };
}
