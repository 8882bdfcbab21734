// The rectangle pass: separates all remaining overlaps, guaranteed. Pure.

/** @typedef {{id: string, x: number, y: number, w: number, h: number}} Rect  x, y: top left corner */

/** @param {Rect} a @param {Rect} b @param {number} gap */
export const overlaps = (a, b, gap = 0) =>
  a.x < b.x + b.w + gap && b.x < a.x + a.w + gap && a.y < b.y + b.h + gap && b.y < a.y + a.h + gap;

/**
 * Overlapping pairs, by a sweep over x.
 * @param {Rect[]} rects @param {number} gap
 * @returns {[Rect, Rect][]}
 */
export function overlapping(rects, gap = 0) {
  const sorted = [...rects].sort((a, b) => a.x - b.x || (a.id < b.id ? -1 : 1));
  /** @type {[Rect, Rect][]} */
  const pairs = [];
  for (let i = 0; i < sorted.length; i += 1) {
    const end = sorted[i].x + sorted[i].w + gap;
    for (let j = i + 1; j < sorted.length && sorted[j].x < end; j += 1) {
      if (overlaps(sorted[i], sorted[j], gap)) pairs.push([sorted[i], sorted[j]]);
    }
  }
  return pairs;
}

/**
 * Moves rectangles in place until all are at least `gap` apart. Pushes along the shorter axis; what
 * 120 rounds do not solve goes to the nearest free position.
 * @param {Rect[]} rects @param {number} gap
 */
export function separate(rects, gap) {
  for (const rect of rects) {
    if (!Number.isFinite(rect.x)) rect.x = 0;
    if (!Number.isFinite(rect.y)) rect.y = 0;
  }
  for (let round = 0; round < 120; round += 1) {
    const pairs = overlapping(rects, gap);
    if (!pairs.length) return rects;
    for (const [a, b] of pairs) {
      const dx = b.x + b.w / 2 - (a.x + a.w / 2);
      const dy = b.y + b.h / 2 - (a.y + a.h / 2);
      const px = (a.w + b.w) / 2 + gap - Math.abs(dx);
      const py = (a.h + b.h) / 2 + gap - Math.abs(dy);
      if (px <= 0 || py <= 0) continue;
      // Slightly more than needed, or rounding would keep pairs touching for ever.
      if (px < py) {
        const push = (px / 2 + 0.5) * (dx < 0 ? -1 : 1);
        a.x -= push;
        b.x += push;
      } else {
        const push = (py / 2 + 0.5) * (dy < 0 ? -1 : 1);
        a.y -= push;
        b.y += push;
      }
    }
  }
  return placeFree(rects, gap);
}

/**
 * Places rectangles from the centre outwards; one that hits an earlier one goes to the nearest free
 * position.
 * @param {Rect[]} rects @param {number} gap
 */
function placeFree(rects, gap) {
  const cx = rects.reduce((sum, rect) => sum + rect.x, 0) / rects.length;
  const cy = rects.reduce((sum, rect) => sum + rect.y, 0) / rects.length;
  const order = [...rects].sort((a, b) => Math.hypot(a.x - cx, a.y - cy) - Math.hypot(b.x - cx, b.y - cy) || (a.id < b.id ? -1 : 1));
  /** @type {Rect[]} */
  const placed = [];
  for (const rect of order) {
    const { x, y } = rect;
    // A spiral of steps; it ends, because the placed ones cover a bounded area.
    for (let step = 0; placed.some((other) => overlaps(rect, other, gap)); step += 1) {
      const radius = 12 * Math.sqrt(step + 1);
      rect.x = x + radius * Math.cos(step * 2.4);
      rect.y = y + radius * Math.sin(step * 2.4);
    }
    placed.push(rect);
  }
  return rects;
}
