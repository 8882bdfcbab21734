/**
 * Messages of the set-up to the user. All go to stderr: stdout belongs to the program that is started.
 */

/** @param {string} line */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/** A failure with a message: what happened, and what to do about it. */
export class SetupProblem extends Error {
  /**
   * @param {string} reason what happened, a sentence
   * @param {string} hint what to do, a sentence
   * @param {string} [detail] the last output of a failed tool
   */
  constructor(reason, hint, detail = '') {
    super(reason);
    this.hint = hint;
    this.detail = detail;
  }
}

/**
 * Run a step that may take long, printing a line when it begins and its duration at the end.
 * @template T
 * @param {string} what such as "installing Python packages"
 * @param {() => Promise<T>} step
 * @returns {Promise<T>}
 */
export async function step(what, step) {
  const begun = Date.now();
  say(`  ${what} …`);
  // A long silence looks like a hang.
  const reminder = setInterval(
    () => say(`  ${what} … ${Math.round((Date.now() - begun) / 1000)} s`),
    15_000,
  );
  try {
    const result = await step();
    const seconds = (Date.now() - begun) / 1000;
    if (seconds > 1) say(`  ${what}: done in ${seconds.toFixed(1)} s`);
    return result;
  } finally {
    clearInterval(reminder);
  }
}

/**
 * Print a fatal error.
 * @param {unknown} error
 */
export function fail(error) {
  if (error instanceof SetupProblem) say(`\n${error.message}\n${error.hint}${error.detail ? `\n\n${error.detail}` : ''}`);
  else say(`\n${error instanceof Error ? (error.stack ?? error.message) : error}`);
  process.exit(1);
}
