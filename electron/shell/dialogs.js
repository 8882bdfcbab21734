import { dialog } from 'electron';

import { t } from '../locale/current.js';

/**
 * Asks for a folder.
 * @param {import('./window.js').MainWindow} main
 * @returns {Promise<string | null>} its path, or null if the user cancelled
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

/**
 * Asks for files.
 * @param {import('./window.js').MainWindow} main
 * @param {{extensions: string[], multiple: boolean}} how `extensions`: without dots; none for all files
 * @returns {Promise<string[]>} their paths; empty if the user cancelled
 */
export async function chooseFiles(main, { extensions, multiple }) {
  if (!main.alive()) return [];
  const { canceled, filePaths } = await dialog.showOpenDialog(main.window, {
    title: t('Open'),
    buttonLabel: t('Open'),
    properties: multiple ? ['openFile', 'multiSelections'] : ['openFile'],
    ...(extensions.length ? { filters: [{ name: extensions.map((one) => `*.${one}`).join(', '), extensions }] } : {}),
  });
  return canceled ? [] : filePaths;
}
