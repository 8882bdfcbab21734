/**
 * Files of the app's own kinds among the words of a command line: the way Windows and Linux hand
 * over what was opened in the file manager. An absolute path that ends in one of the kinds; whether it is there is the caller's to see.
 * @param {string[]} argv
 * @param {{ext: string}[]} kinds
 * @returns {string | null} the first one
 */
export function openedFile(argv, kinds) {
  return argv.find((word) => isAbsolute(word) && kinds.some(({ ext }) => word.toLowerCase().endsWith(`.${ext.toLowerCase()}`))) || null;
}

/** @param {string} word */
const isAbsolute = (word) => /^(\/|[A-Za-z]:[\\/]|\\\\)/.test(word) && !word.includes('\0');
