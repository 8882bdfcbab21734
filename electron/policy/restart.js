/** Delays before the first, second, … restart, in milliseconds. */
export const BACKOFF_MS = [500, 1000, 2000, 4000, 8000];
/** Window for counting restarts; staying healthy this long resets the count. */
export const WINDOW_MS = 60000;

/**
 * What to do after an unexpected exit.
 * @param {object} facts
 * @param {number[]} facts.earlier times of the unexpected exits before this one, ms
 * @param {number} facts.now ms
 * @param {number | null} facts.readySince when the process became ready; null if never
 * @returns {{action: 'restart', delayMs: number, attempt: number, exits: number[]} | {action: 'give-up', exits: number[]}}
 */
export function decideRestart({ earlier, now, readySince }) {
  const healthy = readySince !== null && now - readySince >= WINDOW_MS;
  const recent = healthy ? [] : earlier.filter((time) => now - time < WINDOW_MS);
  const exits = [...recent, now];
  if (recent.length >= BACKOFF_MS.length) return { action: 'give-up', exits };
  return { action: 'restart', delayMs: BACKOFF_MS[recent.length], attempt: recent.length + 1, exits };
}
