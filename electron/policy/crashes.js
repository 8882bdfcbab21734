const WINDOW_MS = 60000;

/**
 * What to do when the window's page process is gone. Once is bad luck; twice within a minute is a
 * page that would only crash again.
 * @param {{reason: string, now: number, last: number | null}} facts `last`: when it happened before
 * @returns {'ignore' | 'reload' | 'error-page'}
 */
export function decideAfterCrash({ reason, now, last }) {
  if (reason === 'clean-exit') return 'ignore';
  return last === null || now - last > WINDOW_MS ? 'reload' : 'error-page';
}
