/**
 * What to ask before the end while jobs run. Nothing where there are none.
 * @typedef {{running: number, waiting: number, share: number | null, lost: number, names: {title: string, path: string}[]}} Jobs `names`: of some that run, with their pages
 * @param {Jobs} jobs
 * @param {{hidden: boolean}} window
 * @returns {{resumed: number, lost: number, background: boolean} | null} `resumed` go on at the next start, `lost` cannot; `background`: whether going on without a window is offered, as they do not yet
 */
export function questionBeforeQuit({ running, lost }, { hidden }) {
  return running ? { resumed: running - lost, lost, background: !hidden } : null;
}

export const NO_JOBS = Object.freeze({ running: 0, waiting: 0, share: null, lost: 0, names: [] });

/**
 * The window's progress bar: -1 for none, above 1 for work whose length nobody knows.
 * @param {Jobs} jobs
 */
export const progressBar = ({ running, share }) => (running === 0 ? -1 : share === null ? 2 : share);
