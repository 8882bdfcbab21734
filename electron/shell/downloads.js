import path from 'node:path';

import { app, dialog } from 'electron';

import { t } from '../locale/current.js';
import { mayDownload } from '../policy/downloads.js';
import { showNotice } from './notices.js';
import { isOwnContents } from './own-contents.js';
import { closeIfEmpty } from './windows.js';

/**
 * Downloads that our pages offer. The user chooses where to save; everything else is refused.
 * @param {import('../backend/runtime.js').Runtime} runtime
 * @param {Electron.Session} session
 */
export function setupDownloads({ supervisor, logs }, session) {
  session.on('will-download', (event, item, contents) => {
    const url = item.getURL();
    const origin = supervisor.backend ? supervisor.backend.origin : null;
    if (!mayDownload({ url, origin, own: Boolean(contents) && isOwnContents(contents.id) })) {
      event.preventDefault();
      logs.write('shell', `download refused: ${url.slice(0, 200)}`);
      showNotice(contents, t('{app} does not save files from outside the app: {address}', { address: url.slice(0, 200) }));
      return;
    }
    const name = item.getFilename();
    if (contents) closeIfEmpty(contents);
    item.setSaveDialogOptions({ title: t('Save'), defaultPath: path.join(app.getPath('downloads'), name) });
    item.once('done', (_event, outcome) => {
      logs.write('shell', `download of ${name}: ${outcome}`);
      if (outcome !== 'interrupted') return;
      dialog.showMessageBox({
        type: 'error',
        message: t('{name} was not saved', { name }),
        detail: t('The file could not be fetched or written. Check the free space and the folder, and try again.'),
      }).catch(() => {});
    });
  });
}
