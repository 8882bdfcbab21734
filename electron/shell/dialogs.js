import { dialog } from 'electron';

import { t } from '../locale/current.js';

/**
 * Asks for a folder.
 * @param {import('./window.js').MainWindow} main
 * @returns {Promise<string | null>} its path, or null when the user thought better of it
 */
export async function chooseFolder(main) {
  if (!main.alive()) return null;
  const { canceled, filePaths } = await dialog.showOpenDialog(main.window, {
    title: t('Open folder'),
    buttonLabel: t('Open'),
    properties: ['openDirectory'],
  });
  return canceled || filePaths.length === 0 ? null : filePaths[0];
}
