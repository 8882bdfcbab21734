import path from 'node:path';

/**
 * @typedef {object} StartOptions
 * @property {'auto' | 'electron' | 'browser'} shell
 * @property {boolean} open open the page; false prints its URL for scripts
 * @property {string | null} dataDir absolute
 * @property {boolean} safeMode without background tasks
 * @property {boolean} help
 * @property {string[]} rest for Electron (after --)
 */

export const USAGE = `usage: npm start -- [--shell electron|browser] [--no-open] [--safe-mode] [--data-dir DIR]

  --shell     the window (electron) or your own browser (browser); by default the window, if it can be had
  --no-open   for scripts: open no browser; the first line on stdout is {"event":"ready","url":…,"pid":…}
  --safe-mode start without background tasks
  --data-dir  keep the data in DIR instead of the user's data folder
`;

/**
 * @param {string[]} args
 * @returns {StartOptions}
 * @throws {Error} a sentence for the user
 */
export function parseStartOptions(args) {
  /** @type {StartOptions} */
  const options = { shell: 'auto', open: true, dataDir: null, safeMode: false, help: false, rest: [] };
  const queue = [...args];
  while (queue.length) {
    const [name, inline] = split(/** @type {string} */ (queue.shift()));
    const value = () => {
      const found = inline ?? queue.shift();
      if (!found || (inline === undefined && found.startsWith('--'))) throw new Error(`${name} wants a value.`);
      return found;
    };
    if (name === '--shell') {
      const shell = value();
      if (shell !== 'electron' && shell !== 'browser' && shell !== 'auto') throw new Error(`--shell is electron or browser, not ${shell}.`);
      options.shell = shell;
    } else if (name === '--data-dir') options.dataDir = path.resolve(value());
    else if (name === '--no-open') options.open = false;
    else if (name === '--safe-mode') options.safeMode = true;
    else if (name === '--help' || name === '-h') options.help = true;
    else if (name === '--') options.rest.push(...queue.splice(0));
    else throw new Error(`There is no option ${name}.`);
  }
  return options;
}

/**
 * @param {string} argument
 * @returns {[string, string | undefined]}
 */
function split(argument) {
  const at = argument.indexOf('=');
  return argument.startsWith('--') && at > 0 ? [argument.slice(0, at), argument.slice(at + 1)] : [argument, undefined];
}
