/**
 * Stages as a user reads them. The launch contract names the first ones; the rest are the shell's.
 * @type {Record<string, string>}
 */
export const STAGE_WORDS = {
  start: 'Starting Python',
  drain: 'Waiting for running work to stop',
  settings: 'Loading settings',
  lock: 'Taking hold of the data folder',
  database: 'Opening the database',
  migrate: 'Updating the database',
  bind: 'Opening the local address',
  health: 'Waiting for the first answer',
  server: 'While running',
  window: 'Showing the window',
  python: 'Looking for Python',
  'data folder': 'Preparing the data folder',
};

/** @param {string} stage */
export const stageWords = (stage) =>
  Object.prototype.hasOwnProperty.call(STAGE_WORDS, stage) ? STAGE_WORDS[stage] : stage;

/**
 * A failure as text for a terminal or the clipboard.
 * @param {import('./problem.js').Failure} failure
 */
export function failureText({ stage, code, reason, hint, detail }) {
  const lines = [reason, hint, `(stage: ${stageWords(stage).toLowerCase()}; code: ${code})`];
  if (detail) lines.push('', detail);
  return lines.join('\n');
}
