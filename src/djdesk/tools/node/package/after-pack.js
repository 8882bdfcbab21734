import fs from 'node:fs';
import path from 'node:path';

import { FIRST_WITH_ESM } from '../setup/electron.js';
import { setFuses } from './fuses.js';

/**
 * Runs between packing and signing: fuses, and files for some targets only.
 * @param {import('electron-builder').AfterPackContext} context
 */
export async function afterPack({ appOutDir, packager, electronPlatformName }) {
  const { productFilename } = packager.appInfo;
  const program = {
    darwin: `${productFilename}.app`,
    win32: `${productFilename}.exe`,
  }[electronPlatformName] ?? /** @type {{executableName?: string}} */ (/** @type {unknown} */ (packager)).executableName ?? productFilename;
  const version = String(packager.config.electronVersion);
  const absent = await setFuses(path.join(appOutDir, program), { old: Number.parseInt(version, 10) < FIRST_WITH_ESM });
  if (absent.length) {
    console.warn(`Electron ${version} lacks the fuses ${absent.join(', ')}: this package is for trying out, and the release check refuses it.`);
  }
  for (const script of ['install.sh', 'uninstall.sh']) {
    const file = path.join(appOutDir, script);
    if (fs.existsSync(file)) fs.chmodSync(file, 0o755);
  }
}
