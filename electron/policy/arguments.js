/**
 * @typedef {{dataDir: string | null, app: string | null, open: boolean, safeMode: boolean, quit: boolean, update: string, rehearse: boolean, updateFolder: string, problem: string | null}}
 *     Arguments `app`: its app.json; `quit`: end the running app; `update`: the update on trial;
 *     `rehearse`: see shell/rehearsal.js; `updateFolder`: install the update in this folder
 *
 * The command line of either shell. Chromium's switches are ignored, and in the window so are
 * unknown arguments, because systems append file names and switches of their own.
 * @param {string[]} argv without the program and the script
 * @param {{strict?: boolean}} [options] strict: an unknown argument is a problem
 * @returns {Arguments}
 */
export function parseArguments(argv, { strict = false } = {}) {
  /** @type {Arguments} */
  const result = { dataDir: null, app: null, open: true, safeMode: false, quit: false, update: '', rehearse: false, updateFolder: '', problem: null };
  const words = [...argv];
  while (words.length) {
    const word = String(words.shift());
    const [, value] = word.match(/^--data-dir=(.*)$/s) || [];
    const [, app] = word.match(/^--app=(.+)$/s) || [];
    if (value !== undefined || word === '--data-dir') {
      const dir = value !== undefined ? value : words.shift();
      if (!dir || (value === undefined && dir.startsWith('--'))) {
        result.problem = '--data-dir needs a folder.';
        if (dir) words.unshift(dir);
      } else result.dataDir = dir;
    } else if (app !== undefined) {
      result.app = app;
    } else if (word === '--no-open') {
      result.open = false;
    } else if (word === '--quit' && !strict) {
      result.quit = true;
    } else if (/^--update=[0-9a-f]{16}$/.test(word) && !strict) {
      result.update = word.slice(9);
    } else if (word === '--rehearse' && !strict) {
      result.rehearse = true;
    } else if (/^--update-folder=./s.test(word) && !strict) {
      result.updateFolder = word.slice(16);
    } else if (word === '--safe-mode') {
      result.safeMode = true;
    } else if (strict) {
      result.problem = result.problem || `Unknown argument: ${word}`;
    }
  }
  return result;
}
