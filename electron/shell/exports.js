import fs from 'node:fs';
import path from 'node:path';

import { nativeImage, shell } from 'electron';

import { DEFAULT_WINDOW_ICON } from '../paths.js';
import { isExportName } from '../policy/exports.js';

const PICTURE_SIZE = 48;

/**
 * A file in the data folder's `exports`. Symbolic links are refused: they may lead anywhere.
 * @param {string} dataDir
 * @param {string} name as a page sent it
 * @returns {string} its path, or ''
 */
function findExport(dataDir, name) {
  const file = path.join(dataDir, 'exports', name);
  const found = isExportName(name) && fs.lstatSync(file, { throwIfNoEntry: false });
  return found && found.isFile() ? file : '';
}

/**
 * Shows an export in the system's file manager without opening it.
 * @param {string} dataDir
 * @param {string} name
 * @returns {boolean} false if there is no such file
 */
export function showExport(dataDir, name) {
  const file = findExport(dataDir, name);
  if (file) shell.showItemInFolder(file);
  return Boolean(file);
}

/**
 * Turns a drag that began in a page into one of the file itself, which other programs accept.
 * @param {import('../backend/runtime.js').Runtime} runtime
 * @param {string} name
 * @param {Electron.WebContents} contents of the page, under the pressed pointer
 * @returns {boolean} false if there is no such file
 */
export function dragExport({ app: about, dataDir }, name, contents) {
  const file = findExport(dataDir, name);
  if (!file) return false;
  const icon = nativeImage.createFromPath(about.windowIcon || DEFAULT_WINDOW_ICON).resize({ width: PICTURE_SIZE, height: PICTURE_SIZE });
  contents.startDrag({ file, icon });
  return true;
}
