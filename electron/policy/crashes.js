const WINDOW_MS = 60000;
const PATIENCE = 4;

/**
 * What to do when the window's page process is gone. Once is bad luck; twice within a minute is a
 * page that would only crash again; and when even the error page cannot live, nothing can be shown.
 * @param {{reason: string, now: number, earlier: number[]}} facts `earlier`: when it happened before
 * @returns {'ignore' | 'reload' | 'error-page' | 'quit'}
 */
export function decideAfterCrash({ reason, now, earlier }) {
  if (reason === 'clean-exit') return 'ignore';
  const recent = earlier.filter((time) => now - time <= WINDOW_MS).length;
  if (recent === 0) return 'reload';
  return recent < PATIENCE ? 'error-page' : 'quit';
}
