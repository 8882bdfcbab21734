import { dialog } from 'electron';

/**
 * Asks for a folder.
 * @param {import('./window.js').MainWindow} main
 * @returns {Promise<string | null>} its path, or null when the user thought better of it
 */
export async function chooseFolder(main) {
  if (!main.alive()) return null;
  const { canceled, filePaths } = await dialog.showOpenDialog(main.window, {
    title: 'Open folder',
    buttonLabel: 'Open',
    properties: ['openDirectory'],
  });
  return canceled || filePaths.length === 0 ? null : filePaths[0];
}
