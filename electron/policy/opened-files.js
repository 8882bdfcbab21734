/**
 * A file of the app's types in a command line: how Windows and Linux pass a file opened in the file
 * manager. An absolute path with one of the extensions; the caller checks that it exists.
 * @param {string[]} argv
 * @param {{ext: string}[]} kinds
 * @returns {string | null} the first one
 */
export function openedFile(argv, kinds) {
  return argv.find((word) => isAbsolute(word) && kinds.some(({ ext }) => word.toLowerCase().endsWith(`.${ext.toLowerCase()}`))) || null;
}

/** @param {string} word */
const isAbsolute = (word) => /^(\/|[A-Za-z]:[\\/]|\\\\)/.test(word) && !word.includes('\0');
