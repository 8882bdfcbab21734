/**
 * What to ask before the end while jobs run. Nothing where there are none.
 * @typedef {{running: number, waiting: number, share: number | null, lost: number}} Jobs
 * @param {Jobs} jobs
 * @param {{hidden: boolean}} window
 * @returns {{resumed: number, lost: number, tray: boolean} | null} `resumed` go on at the next start, `lost` cannot; `tray`: whether they may go on without a window, or do already
 */
export function questionBeforeQuit({ running, lost }, { hidden }) {
  return running ? { resumed: running - lost, lost, tray: !hidden } : null;
}

export const NO_JOBS = Object.freeze({ running: 0, waiting: 0, share: null, lost: 0 });

/**
 * The window's progress bar: -1 for none, above 1 for work whose length nobody knows.
 * @param {Jobs} jobs
 */
export const progressBar = ({ running, share }) => (running === 0 ? -1 : share === null ? 2 : share);
