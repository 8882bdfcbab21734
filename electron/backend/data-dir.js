import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { say } from '../locale/messages.js';
import { Problem } from './problem.js';

/**
 * The app's data folder, at the usual place for each system.
 * @param {{name: string, slug: string}} app
 * @param {{override?: string | null, platform?: NodeJS.Platform, env?: NodeJS.ProcessEnv, home?: string}} [options]
 * @returns {string} absolute path
 */
export function dataDirPath({ name, slug }, { override = null, platform = process.platform, env = process.env, home } = {}) {
  if (override) return path.resolve(override);
  const base = platform === 'win32' ? path.win32 : path.posix;
  const homeDir = home || os.homedir();
  if (platform === 'win32') {
    return base.join(env.LOCALAPPDATA || base.join(homeDir, 'AppData', 'Local'), name);
  }
  if (platform === 'darwin') return base.join(homeDir, 'Library', 'Application Support', name);
  const xdg = env.XDG_DATA_HOME;
  // The XDG specification says to ignore a relative XDG_DATA_HOME.
  return base.join(xdg && base.isAbsolute(xdg) ? xdg : base.join(homeDir, '.local', 'share'), slug);
}

/**
 * Creates the folder, private to this user, and checks that it is writable.
 * @param {string} dataDir
 * @throws {Problem} `data_dir_unwritable` or `disk_full`
 */
export function prepareDataDir(dataDir) {
  const probe = path.join(dataDir, `.write-test-${process.pid}`);
  try {
    fs.mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    if (process.platform !== 'win32') fs.chmodSync(dataDir, 0o700);
    fs.writeFileSync(probe, 'x');
    fs.unlinkSync(probe);
  } catch (error) {
    const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
    const full = code === 'ENOSPC' || code === 'EDQUOT';
    throw new Problem({
      stage: 'data folder',
      code: full ? 'disk_full' : 'data_dir_unwritable',
      reason: full
        ? say('There is no space left on the disk of the data folder {dataDir}.', { dataDir })
        : say('The data folder {dataDir} is not writable.', { dataDir }),
      hint: full
        ? say('Free some space, or choose another folder with --data-dir.')
        : say('Give yourself write access to it, or choose another folder with --data-dir.'),
      detail: message,
    });
  }
}
