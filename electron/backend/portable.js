import fs from 'node:fs';
import path from 'node:path';

/** An empty file of this name beside the app makes it portable, except in a Windows installation. */
export const MARKER = 'portable';

/** @param {string} name of the app */
const folderOf = (name) => `${name} Data`;

/**
 * Where a portable app keeps its data: beside itself, so that it can be moved. Null if it is not
 * portable.
 * @param {{name: string, env: NodeJS.ProcessEnv, execPath: string, platform: NodeJS.Platform, exists?: (file: string) => boolean}} options
 * @returns {string | null} absolute path
 */
export function portableDataDir({ name, env, execPath, platform, exists = fs.existsSync }) {
  const base = platform === 'win32' ? path.win32 : path.posix;
  if (platform === 'win32') {
    // Recognised by its uninstaller, which deletes the whole folder, even before an update installs
    // the new version: data beside the program would be deleted with it.
    if (exists(base.join(base.dirname(execPath), `Uninstall ${name}.exe`))) return null;
    // Set by the single-file program, which unpacks itself to a temporary folder.
    const single = env.PORTABLE_EXECUTABLE_DIR;
    if (single) return base.join(single, folderOf(name));
  }
  const beside = base.dirname(ownFile(base, env, execPath, platform));
  return exists(base.join(beside, MARKER)) ? base.join(beside, folderOf(name)) : null;
}

/**
 * An update killed between two renames left the data beside the other version: move them back.
 * @param {string} dataDir a portable one
 */
export function bringPortableData(dataDir) {
  const folder = path.dirname(dataDir);
  if (fs.existsSync(dataDir)) return;
  for (const name of ['new', 'previous']) {
    const left = path.join(path.dirname(folder), `.${path.basename(folder)}.${name}`, path.basename(dataDir));
    if (fs.existsSync(path.join(left, 'updates'))) {
      fs.renameSync(left, dataDir);
      return;
    }
  }
}

/**
 * The app as the user sees it: the AppImage, the .app, or the program.
 * @param {path.PlatformPath} base
 * @param {NodeJS.ProcessEnv} env
 * @param {string} execPath
 * @param {NodeJS.Platform} platform
 */
function ownFile(base, env, execPath, platform) {
  if (platform === 'linux' && env.APPIMAGE && env.APPDIR && inside(base, execPath, env.APPDIR)) return env.APPIMAGE;
  const bundle = platform === 'darwin' ? /^(.*\.app)\/Contents\/MacOS\/[^/]+$/.exec(execPath) : null;
  return bundle ? bundle[1] : execPath;
}

/**
 * @param {path.PlatformPath} base
 * @param {string} file
 * @param {string} folder
 */
function inside(base, file, folder) {
  const relative = base.relative(folder, file);
  return relative !== '' && !relative.startsWith('..') && !base.isAbsolute(relative);
}
