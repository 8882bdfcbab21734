/**
 * The question before quitting while jobs run. Null if none run.
 * @typedef {{running: number, waiting: number, share: number | null, lost: number, names: {title: string, path: string}[]}} Jobs `names`: some of the running jobs, with their pages
 * @param {Jobs} jobs
 * @param {{hidden: boolean}} window
 * @returns {{resumed: number, lost: number, background: boolean} | null} `resumed` continue at the
 *     next start, `lost` cannot; `background`: whether to offer running on without a window, if
 *     they do not already
 */
export function questionBeforeQuit({ running, lost }, { hidden }) {
  return running ? { resumed: running - lost, lost, background: !hidden } : null;
}

export const NO_JOBS = Object.freeze({ running: 0, waiting: 0, share: null, lost: 0, names: [] });

/**
 * The window's progress bar: -1 for none, above 1 for indeterminate.
 * @param {Jobs} jobs
 */
export const progressBar = ({ running, share }) => (running === 0 ? -1 : share === null ? 2 : share);
