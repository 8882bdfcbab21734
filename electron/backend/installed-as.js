import fs from 'node:fs';
import path from 'node:path';

import { askSystem } from './ask-system.js';

/**
 * How this copy of the app is installed.
 * @typedef {object} InstalledAs
 * @property {string} kind the guardian's name: `appimage`, `folder`, `portable`, `nsis`, `mac`;
 *     `deb` is only announced, not installed; '' for none
 * @property {string} artefact the feed's name: `AppImage`, `tar.gz`, …
 * @property {string} target the file or folder that is replaced
 * @property {string} program the program inside it, '' if the target is the program
 * @property {string} start what starts the app, before and after the update
 * @property {{code: string, values?: Record<string, string>} | null} obstacle why it cannot be updated automatically
 */

/**
 * @param {object} from
 * @param {boolean} from.packaged
 * @param {string} from.name of the app
 * @param {string} from.execPath
 * @param {NodeJS.Platform} [from.platform]
 * @param {NodeJS.ProcessEnv} [from.env]
 * @param {(file: string) => Promise<boolean>} [from.ownedByPackage] whether the system's package manager installed it
 * @returns {Promise<InstalledAs>}
 */
export async function installedAs({ packaged, name, execPath, platform = process.platform, env = process.env, ownedByPackage = ownedByDpkg }) {
  const none = (/** @type {string} */ code) => ({ kind: '', artefact: '', target: '', program: '', start: execPath, obstacle: { code } });
  if (!packaged) {
    // For testing updates with a stand-in for the installed app.
    const tried = env.DJDESK_UPDATE_TARGET;
    return tried ? writable({ kind: 'appimage', artefact: 'AppImage', target: tried, program: '', start: tried }) : none('not_packaged');
  }
  if (platform === 'linux') {
    if (env.APPIMAGE && env.APPDIR && execPath.startsWith(`${env.APPDIR}/`)) {
      return writable({ kind: 'appimage', artefact: 'AppImage', target: env.APPIMAGE, program: '', start: env.APPIMAGE });
    }
    if (await ownedByPackage(execPath)) return { kind: 'deb', artefact: 'deb', target: '', program: '', start: execPath, obstacle: null };
    return writable({ kind: 'folder', artefact: 'tar.gz', target: path.dirname(execPath), program: path.basename(execPath), start: execPath });
  }
  if (platform === 'darwin') {
    const [, bundle, inside] = /^(.*\.app)\/(Contents\/MacOS\/[^/]+)$/.exec(execPath) || [];
    if (!bundle) return none('unknown_installation');
    if (/\/AppTranslocation\//.test(bundle) || bundle.startsWith('/Volumes/')) return none('not_moved');
    return writable({ kind: 'mac', artefact: 'zip', target: bundle, program: inside, start: execPath });
  }
  if (platform === 'win32') {
    if (env.PORTABLE_EXECUTABLE_FILE) {
      return writable({ kind: 'portable', artefact: 'portable', target: env.PORTABLE_EXECUTABLE_FILE, program: '', start: env.PORTABLE_EXECUTABLE_FILE });
    }
    const folder = path.win32.dirname(execPath);
    if (!fs.existsSync(path.join(folder, `Uninstall ${name}.exe`))) return none('unknown_installation');
    return writable({ kind: 'nsis', artefact: 'nsis', target: folder, program: path.win32.basename(execPath), start: execPath });
  }
  return none('unknown_installation');
}

/**
 * Checks that the folder is writable: the new version is placed beside the old one before the swap.
 * @param {Omit<InstalledAs, 'obstacle'>} found
 * @returns {InstalledAs}
 */
function writable(found) {
  const folder = path.dirname(found.target);
  try {
    fs.accessSync(folder, fs.constants.W_OK);
    return { ...found, obstacle: null };
  } catch {
    return { ...found, obstacle: { code: 'not_writable', values: { folder } } };
  }
}

/** @param {string} file @returns {Promise<boolean>} */
const ownedByDpkg = (file) => askSystem('dpkg', ['-S', file]).then(() => true, () => false);
