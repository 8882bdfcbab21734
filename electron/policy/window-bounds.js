export const DEFAULT_SIZE = { width: 1280, height: 820 };
export const MINIMUM_SIZE = { width: 720, height: 480 };
/** At least this much of a window must be visible for its saved position to be used. */
const VISIBLE = { width: 160, height: 80 };

/**
 * @typedef {{x: number, y: number, width: number, height: number}} Rectangle
 *
 * Where the window opens: the saved position if it is still visible and reachable, else the centre
 * of the primary display. Never larger than its display.
 * @param {Rectangle | null} saved
 * @param {Rectangle[]} displays work areas, the primary one first
 * @returns {Rectangle}
 */
export function placeWindow(saved, displays) {
  const home = saved ? displays.find((area) => isReachable(saved, area)) : undefined;
  const area = home || displays[0];
  const wanted = saved || DEFAULT_SIZE;
  const width = Math.min(Math.max(wanted.width, MINIMUM_SIZE.width), area.width);
  const height = Math.min(Math.max(wanted.height, MINIMUM_SIZE.height), area.height);
  if (!saved || !home) {
    return {
      x: Math.round(area.x + (area.width - width) / 2),
      y: Math.round(area.y + (area.height - height) / 2),
      width,
      height,
    };
  }
  return {
    x: Math.min(Math.max(saved.x, area.x), area.x + area.width - width),
    y: Math.min(Math.max(saved.y, area.y), area.y + area.height - height),
    width,
    height,
  };
}

/**
 * @param {Rectangle} window
 * @param {Rectangle} area
 */
function isReachable(window, area) {
  const width = Math.min(window.x + window.width, area.x + area.width) - Math.max(window.x, area.x);
  const height = Math.min(window.y + window.height, area.y + area.height) - Math.max(window.y, area.y);
  return width >= VISIBLE.width && height >= VISIBLE.height;
}
