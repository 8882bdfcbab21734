/** A page that hangs again within this time after being reloaded for hanging would only hang once more. */
const WINDOW_MS = 10 * 60000;

/** How long a page may hang before it is reloaded automatically, in milliseconds. */
export const HANG_LIMIT_MS = 30000;

/**
 * What to do about a page that has hung for HANG_LIMIT_MS.
 * @param {object} facts
 * @param {number} facts.now ms
 * @param {number[]} facts.earlier times of earlier automatic reloads
 * @param {boolean} facts.waiting the user chose to wait
 * @returns {'ask' | 'reload' | 'error-page'}
 */
export function decideAfterHang({ now, earlier, waiting }) {
  if (waiting) return 'ask';
  return earlier.some((time) => now - time <= WINDOW_MS) ? 'error-page' : 'reload';
}
