const WINDOW_MS = 60000;
const TOO_MANY = 3;

/**
 * What to do when the graphics process is gone. Chromium starts it again by itself; one that keeps
 * going makes the window flicker or stay empty, and the next start does better without.
 * @param {{reason: string, now: number, earlier: number[]}} facts `earlier`: when it happened before in this run
 * @returns {{earlier: number[], giveUp: boolean}} `giveUp`: start without graphics acceleration from now on
 */
export function decideAfterGpuCrash({ reason, now, earlier }) {
  if (reason === 'clean-exit') return { earlier, giveUp: false };
  const recent = [...earlier.filter((time) => now - time < WINDOW_MS), now];
  return { earlier: recent, giveUp: recent.length >= TOO_MANY };
}

/**
 * May this start use the graphics hardware? What was remembered counts for the machine that it
 * happened on: another one may have a better driver.
 * @param {{machine: string} | null} off what was remembered
 * @param {string} machine
 */
export const mayUseGpu = (off, machine) => off === null || off.machine !== machine;
