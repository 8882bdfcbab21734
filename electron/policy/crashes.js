const WINDOW_MS = 60000;
const CRASHES_BEFORE_QUIT = 4;

/**
 * What to do after the window's renderer process is gone. The first time, reload; twice within a
 * minute, the page would only crash again; if even the error page crashes, quit.
 * @param {{reason: string, now: number, earlier: number[]}} facts `earlier`: times of earlier crashes
 * @returns {'ignore' | 'reload' | 'error-page' | 'quit'}
 */
export function decideAfterCrash({ reason, now, earlier }) {
  if (reason === 'clean-exit') return 'ignore';
  const recent = earlier.filter((time) => now - time <= WINDOW_MS).length;
  if (recent === 0) return 'reload';
  return recent < CRASHES_BEFORE_QUIT ? 'error-page' : 'quit';
}
