import { app, dialog } from 'electron';

import { t } from '../locale/current.js';
import { isTranslocated } from '../policy/translocation.js';

/**
 * macOS runs a downloaded app as a read-only copy in a hidden place: a portable app then does not
 * see its data, and updates cannot replace it. Tells the user once per start.
 * @param {import('../backend/runtime.js').Runtime} runtime
 * @param {{main: import('./window.js').MainWindow}} parts
 */
export function setupTranslocation({ logs }, { main }) {
  if (!isTranslocated(process.execPath, process.platform)) return;
  logs.write('shell', `started from a copy that macOS made: ${process.execPath}`);
  dialog.showMessageBox(main.window, {
    type: 'info',
    message: t('macOS runs {app} from a temporary copy', { app: app.name }),
    detail: t('Quit it, move it with the Finder to another folder, such as Applications, and start it from there. Until then it cannot keep data beside itself or be updated.'),
  });
}
