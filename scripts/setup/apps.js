import fs from 'node:fs';
import path from 'node:path';

import { ROOT } from './paths.js';

/**
 * Folders that contain an app: each has a pyproject.toml with DJDesk's table.
 * @param {string} [parent] default: the checkout
 */
export function apps(parent = ROOT) {
  return fs.readdirSync(parent).map((name) => path.join(parent, name)).filter((folder) => {
    const file = path.join(folder, 'pyproject.toml');
    return fs.existsSync(file) && /^\[tool\.djdesk\]/m.test(fs.readFileSync(file, 'utf8'));
  });
}

/**
 * The environment for running an app's Python as its users do.
 * @param {string} folder
 * @param {string} dataDir
 * @returns {NodeJS.ProcessEnv}
 */
export const appEnvironment = (folder, dataDir) => ({
  DJANGO_SETTINGS_MODULE: 'djdesk.overlay.settings', DJDESK_MODE: 'packaged', DJDESK_APP: folder, DJDESK_DATA_DIR: dataDir,
});
