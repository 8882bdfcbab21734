import { say } from '../locale/messages.js';

/**
 * @typedef {object} Failure what the user is told when a start fails
 * @property {string} stage where it happened
 * @property {string} code machine-readable, see the launch contract
 * @property {import('../locale/messages.js').Text} reason what happened, one sentence
 * @property {import('../locale/messages.js').Text} hint what to do, one sentence
 * @property {string} [detail] technical text
 * @property {string[]} [tail] last log lines
 */

/** An error that carries its cause and remedy as sentences. */
export class Problem extends Error {
  /** @param {Failure} failure */
  constructor(failure) {
    super(String(failure.reason));
    this.name = 'Problem';
    this.failure = failure;
  }
}

/**
 * Convert any thrown value to a failure, so that users never see a bare stack trace.
 * @param {unknown} error
 * @param {string} stage
 * @returns {Failure}
 */
export function asFailure(error, stage) {
  if (error instanceof Problem) return error.failure;
  const detail = error instanceof Error ? error.stack || error.message : String(error);
  return {
    stage,
    code: 'internal',
    reason: say('Something unexpected went wrong: {error}', { error: error instanceof Error ? error.message : String(error) }),
    hint: say('Try again. If it happens every time, copy the diagnostics and report it.'),
    detail,
  };
}
