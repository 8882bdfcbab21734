import fs from 'node:fs';
import path from 'node:path';

import { FIRST_WITH_ESM, inFolder } from '../setup/electron.js';
import { SetupProblem } from '../setup/say.js';

/**
 * @typedef {object} ElectronToPackage
 * @property {string} version
 * @property {string | null} dist an unpacked one; null: electron-builder downloads it
 * @property {boolean} legacy too old for ES modules: for test packages only, never for a release
 */

/**
 * The Electron in the lock, or the one in ELECTRON_OVERRIDE_DIST_PATH.
 * @param {object} options
 * @param {string} options.modules folder that holds node_modules
 * @param {NodeJS.ProcessEnv} [options.env]
 * @returns {ElectronToPackage}
 */
export function electronForPackaging({ modules, env = process.env }) {
  const named = env.ELECTRON_OVERRIDE_DIST_PATH;
  const locked = JSON.parse(fs.readFileSync(path.join(modules, 'node_modules', 'electron', 'package.json'), 'utf8')).version;
  const present = named ? inFolder(named) : inFolder(path.join(modules, 'node_modules', 'electron', 'dist'));
  if (named && !present) {
    throw new SetupProblem(`ELECTRON_OVERRIDE_DIST_PATH names ${named}, which holds no Electron.`, 'Name the folder of an unpacked Electron, or leave the variable out.');
  }
  const version = named && present ? present.version : locked;
  return {
    version,
    dist: named ? path.resolve(named) : null,
    legacy: Number.parseInt(version, 10) < FIRST_WITH_ESM,
  };
}
