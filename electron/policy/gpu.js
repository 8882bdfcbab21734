const WINDOW_MS = 60000;
const TOO_MANY = 3;

/**
 * What to do after the GPU process is gone. Chromium restarts it; repeated crashes make the window
 * flicker or stay blank, and then the next start does without it.
 * @param {{reason: string, now: number, earlier: number[]}} facts `earlier`: times of earlier crashes in this run
 * @returns {{earlier: number[], giveUp: boolean}} `giveUp`: start without GPU acceleration from now on
 */
export function decideAfterGpuCrash({ reason, now, earlier }) {
  if (reason === 'clean-exit') return { earlier, giveUp: false };
  const recent = [...earlier.filter((time) => now - time < WINDOW_MS), now];
  return { earlier: recent, giveUp: recent.length >= TOO_MANY };
}

/**
 * Whether this start may use the GPU. The stored decision applies only to the machine where it was
 * made: another one may have a better driver.
 * @param {{machine: string} | null} off the stored decision
 * @param {string} machine
 */
export const mayUseGpu = (off, machine) => off === null || off.machine !== machine;
