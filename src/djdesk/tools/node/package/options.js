/**
 * @typedef {object} PackageOptions
 * @property {boolean} staged use what is staged
 * @property {boolean} strip
 * @property {boolean} help
 * @property {string[]} builder arguments for electron-builder
 * @property {string} problem a sentence, or ''
 */

export const USAGE = `usage: npm run package -- [--dir] [--targets A,B] [--staged] [--strip]

  --dir      an unpacked app only
  --targets  artefacts, as electron-builder names them: AppImage, deb, tar.gz; nsis, portable; dmg, zip
  --staged   do not stage the Python side again
  --strip    take symbols out of the Python side's binaries (ELF)
`;

/** @type {Partial<Record<NodeJS.Platform, string>>} */
const SYSTEMS = { linux: '--linux', darwin: '--mac', win32: '--win' };

/**
 * @param {string[]} args
 * @param {NodeJS.Platform} [platform]
 * @returns {PackageOptions}
 */
export function parsePackageOptions(args, platform = process.platform) {
  /** @type {PackageOptions} */
  const options = { staged: false, strip: false, help: false, builder: [], problem: '' };
  const system = SYSTEMS[platform];
  if (!system) return { ...options, problem: `There is nothing to package on ${platform}.` };
  /** @type {string[]} */
  let targets = [];
  const queue = [...args];
  while (queue.length) {
    const word = String(queue.shift());
    const [, inline] = /^--targets=(.*)$/.exec(word) || [];
    if (word === '--dir') targets = ['dir'];
    else if (word === '--targets' || inline !== undefined) {
      targets = (inline ?? queue.shift() ?? '').split(',').filter(Boolean);
      if (!targets.length || targets.some((target) => !/^[A-Za-z0-9.]+$/.test(target))) options.problem = '--targets wants names, separated by commas.';
    } else if (word === '--staged') options.staged = true;
    else if (word === '--strip') options.strip = true;
    else if (word === '--help' || word === '-h') options.help = true;
    else options.problem = `There is no option ${word}.`;
  }
  options.builder = [system, ...targets];
  return options;
}
