/** A page that was reloaded for hanging and hangs again within this time would only do it once more. */
const WINDOW_MS = 10 * 60000;

/** How long a page may hang before it is reloaded without being asked, in milliseconds. */
export const PATIENCE_MS = 30000;

/**
 * What to do about a page that has hung for PATIENCE_MS.
 * @param {object} facts
 * @param {number} facts.now ms
 * @param {number[]} facts.earlier when it was reloaded by itself before
 * @param {boolean} facts.waiting the user chose to wait
 * @returns {'ask' | 'reload' | 'error-page'}
 */
export function decideAfterHang({ now, earlier, waiting }) {
  if (waiting) return 'ask';
  return earlier.some((time) => now - time <= WINDOW_MS) ? 'error-page' : 'reload';
}
