// Where the diagram is on the screen: screen = world * k + (x, y). Pure.

/** @typedef {{x: number, y: number, k: number}} View @typedef {{x: number, y: number, w: number, h: number}} Box @typedef {{w: number, h: number}} Size */

export const MIN_ZOOM = 0.02;
export const MAX_ZOOM = 2.5;

/** @param {number} k */
export const clampZoom = (k) => (Number.isFinite(k) ? Math.min(MAX_ZOOM, Math.max(MIN_ZOOM, k)) : 1);

/** @param {View} view @param {number} sx @param {number} sy */
export const toWorld = (view, sx, sy) => ({ x: (sx - view.x) / view.k, y: (sy - view.y) / view.k });

/** @param {View} view @param {number} wx @param {number} wy */
export const toScreen = (view, wx, wy) => ({ x: wx * view.k + view.x, y: wy * view.k + view.y });

/**
 * Zoom around the point (sx, sy).
 * @param {View} view @param {number} factor @param {number} sx @param {number} sy
 * @returns {View}
 */
export function zoomAt(view, factor, sx, sy) {
  const k = clampZoom(view.k * factor);
  const ratio = k / view.k;
  return { k, x: sx - (sx - view.x) * ratio, y: sy - (sy - view.y) * ratio };
}

/** @param {View} view @param {number} dx @param {number} dy @returns {View} */
export const pan = (view, dx, dy) => ({ k: view.k, x: view.x + dx, y: view.y + dy });

/**
 * The visible part of the world, extended by a margin in screen pixels.
 * @param {View} view @param {Size} size @param {number} margin
 * @returns {Box}
 */
export function visible(view, size, margin = 0) {
  return {
    x: (-view.x - margin) / view.k,
    y: (-view.y - margin) / view.k,
    w: (size.w + 2 * margin) / view.k,
    h: (size.h + 2 * margin) / view.k,
  };
}

/** @param {Box} a @param {Box} b */
export const touches = (a, b) => a.x <= b.x + b.w && b.x <= a.x + a.w && a.y <= b.y + b.h && b.y <= a.y + a.h;

/** @param {Box[]} boxes @returns {Box|null} */
export function bounds(boxes) {
  if (!boxes.length) return null;
  let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const box of boxes) {
    x0 = Math.min(x0, box.x);
    y0 = Math.min(y0, box.y);
    x1 = Math.max(x1, box.x + box.w);
    y1 = Math.max(y1, box.y + box.h);
  }
  return { x: x0, y: y0, w: x1 - x0, h: y1 - y0 };
}

/**
 * The view that centres the whole box, at 100 % at most.
 * @param {Box|null} box @param {Size} size @param {number} margin @param {number} most
 * @returns {View}
 */
export function fit(box, size, margin = 40, most = 1) {
  if (!box || !(size.w > 0) || !(size.h > 0)) return { x: 0, y: 0, k: 1 };
  const k = clampZoom(Math.min(most, (size.w - 2 * margin) / Math.max(1, box.w), (size.h - 2 * margin) / Math.max(1, box.h)));
  return centre(box, size, k);
}

/** @param {Box} box @param {Size} size @param {number} k @returns {View} */
export function centre(box, size, k) {
  return { k, x: size.w / 2 - (box.x + box.w / 2) * k, y: size.h / 2 - (box.y + box.h / 2) * k };
}

/** Zoom from which cards show their fields. */
export const READABLE = 0.7;
const FEW = 12;

/**
 * The first view: everything, unless a few cards would be just too small to read. These are shown
 * readable, starting at the top left if they do not fit.
 * @param {Box|null} box @param {Size} size @param {number} margin @param {number} count number of cards @returns {View}
 */
export function opening(box, size, margin, count) {
  const whole = fit(box, size, margin);
  if (!box || count > FEW || whole.k >= READABLE || whole.k < READABLE / 2) return whole;
  const view = centre(box, size, READABLE);
  return { k: READABLE, x: Math.max(view.x, margin - box.x * READABLE), y: Math.max(view.y, margin - box.y * READABLE) };
}

/**
 * The smallest pan that brings a box into view, for keyboard focus.
 * @param {View} view @param {Box} box @param {Size} size @param {number} margin
 * @returns {View}
 */
export function reveal(view, box, size, margin = 24) {
  /** @param {number} start @param {number} length @param {number} room */
  const shift = (start, length, room) => {
    if (start < margin || length > room - 2 * margin) return margin - start;
    if (start + length > room - margin) return room - margin - (start + length);
    return 0;
  };
  const at = toScreen(view, box.x, box.y);
  return pan(view, shift(at.x, box.w * view.k, size.w), shift(at.y, box.h * view.k, size.h));
}

/**
 * What a card can show at a zoom, so that no text is smaller than 9 pixels.
 * @param {number} k @param {boolean} [low] whether cards have only a header @returns {'fields'|'title'|'box'}
 */
export const detailAt = (k, low = false) => (k >= READABLE ? 'fields' : k >= 0.42 && !low ? 'title' : 'box');

/** Between two views, for an animation: `t` from 0 to 1. @param {View} a @param {View} b @param {number} t @returns {View} */
export function between(a, b, t) {
  const k = a.k * Math.pow(b.k / a.k, t);
  // Linear in the position of the world's origin relative to zoom: a straight, even movement.
  const s = a.k === b.k ? t : (k - a.k) / (b.k - a.k);
  return { k, x: a.x + (b.x - a.x) * s, y: a.y + (b.y - a.y) * s };
}
