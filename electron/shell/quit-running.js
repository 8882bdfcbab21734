import { app } from 'electron';

import { parseArguments } from '../policy/arguments.js';

const LIMIT_MS = 20000;
const AGAIN_MS = 250;

/** @param {string[]} argv */
export const asksToQuit = (argv) => parseArguments(argv.slice(1)).quit;

/**
 * `--quit`: ask the running app to quit and wait for it, so that an installer does not replace
 * files in use. Exit code 0 once nothing runs any more.
 * @returns {boolean} whether this process only does that
 */
export function quitRunning() {
  if (!asksToQuit(process.argv)) return false;
  const begun = Date.now();
  const ask = () => {
    // A failed lock request passes our command line to the holder; see lifecycle.js.
    if (app.requestSingleInstanceLock()) app.exit(0);
    else if (Date.now() - begun > LIMIT_MS) app.exit(1);
    else setTimeout(ask, AGAIN_MS);
  };
  ask();
  return true;
}
