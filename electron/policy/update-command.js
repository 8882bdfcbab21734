/** Words that are for one start only. */
const ONCE = /^--(update|update-folder|quit|rehearse)(=|$)/;

/**
 * The switches that the app is started with again: those it was started with, without links, files and what was
 * meant for one start.
 * @param {string[]} argv without the program
 * @returns {string[]}
 */
export function switchesOf(argv) {
  const kept = [];
  for (let i = 0; i < argv.length; i += 1) {
    const word = argv[i];
    if (word === '--data-dir') {
      i += 1;
      if (argv[i]) kept.push(`--data-dir=${argv[i]}`);
    } else if (word.startsWith('--') && word !== '--' && !ONCE.test(word)) kept.push(word);
  }
  return kept;
}

/**
 * The folder that this start is to install an update of: `--update-folder=DIR`, from `djdesk update install`.
 * @param {string[]} argv without the program
 * @returns {string} '' for none
 */
export const updateFolder = (argv) => (argv.find((word) => word.startsWith('--update-folder=')) || '').slice('--update-folder='.length);
