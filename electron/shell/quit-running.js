import { app } from 'electron';

import { parseArguments } from '../policy/arguments.js';

const LIMIT_MS = 20000;
const AGAIN_MS = 250;

/** @param {string[]} argv */
export const asksToQuit = (argv) => parseArguments(argv.slice(1)).quit;

/**
 * `--quit`: ask the running app to end and wait until it has, so that an installer replaces no file
 * that is in use. Exit code 0 when nothing runs any more.
 * @returns {boolean} whether that is all this process is for
 */
export function quitRunning() {
  if (!asksToQuit(process.argv)) return false;
  const begun = Date.now();
  const ask = () => {
    // A lock that is not to be had tells its holder our command line; see lifecycle.js.
    if (app.requestSingleInstanceLock()) app.exit(0);
    else if (Date.now() - begun > LIMIT_MS) app.exit(1);
    else setTimeout(ask, AGAIN_MS);
  };
  ask();
  return true;
}
