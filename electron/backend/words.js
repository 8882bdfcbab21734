import { say } from '../locale/messages.js';

/**
 * Stages as shown to users. The first ones are defined in the launch contract; the rest are the
 * shell's.
 * @type {Record<string, import('../locale/messages.js').Message>}
 */
export const STAGE_WORDS = {
  start: say('Starting Python'),
  drain: say('Waiting for running work to stop'),
  settings: say('Loading settings'),
  lock: say('Locking the data folder'),
  database: say('Opening the database'),
  migrate: say('Updating the database'),
  bind: say('Opening the local address'),
  health: say('Waiting for the first response'),
  server: say('While running'),
  window: say('Showing the window'),
  python: say('Looking for Python'),
  'data folder': say('Preparing the data folder'),
};

/** @param {string} stage */
export const stageWords = (stage) =>
  Object.prototype.hasOwnProperty.call(STAGE_WORDS, stage) ? STAGE_WORDS[stage] : stage;

/**
 * A failure as text for a terminal or the clipboard.
 * @param {import('./problem.js').Failure} failure
 */
export function failureText({ stage, code, reason, hint, detail }) {
  const lines = [reason, hint, `(stage: ${String(stageWords(stage)).toLowerCase()}; code: ${code})`];
  if (detail) lines.push('', detail);
  return lines.join('\n');
}
