import { app, dialog } from 'electron';

import { asFailure } from '../backend/problem.js';
import { t } from '../locale/current.js';
import { say } from '../locale/messages.js';
import { decideAfterCrash } from '../policy/crashes.js';

/**
 * A crashed renderer is reloaded once; the second time the error page is shown.
 * @param {import('../backend/runtime.js').Runtime} runtime
 * @param {{main: import('./window.js').MainWindow, screen: import('./screen.js').ScreenType}} parts
 */
export function setupCrashHandling({ logs }, { main, screen }) {
  /** @type {number[]} */
  const earlier = [];
  const contents = main.window.webContents;
  contents.on('render-process-gone', (_event, { reason }) => {
    if (screen.replacing) {
      screen.replacing = false;
      return;
    }
    const now = Date.now();
    const verdict = decideAfterCrash({ reason, now, earlier });
    logs.write('shell', `the page's process is gone (${reason}): ${verdict}`);
    if (verdict === 'ignore') return;
    earlier.push(now);
    // Chromium is still cleaning up the dead process when it emits this event.
    setImmediate(() => {
      if (!main.alive()) return;
      if (verdict === 'reload') screen.again();
      else if (verdict === 'quit') {
        process.exitCode = 1;
        dialog.showErrorBox(t('{app} cannot show its window'), t('Its pages keep crashing. Start it with --disable-gpu, or use your browser instead.'));
        app.quit();
      } else {
        screen.fail({
          stage: 'window',
          code: 'page_crashed',
          reason: say('The page crashed twice within a minute ({reason}).', { reason }),
          hint: say('Try again. If it keeps happening, restart the computer, or start the app with --disable-gpu.'),
        });
      }
    });
  });
  app.on('child-process-gone', (_event, { type, reason }) => {
    if (reason !== 'clean-exit') logs.write('shell', `a ${type} process is gone (${reason})`);
  });
  process.on('uncaughtException', (error) => screen.fail(asFailure(error, 'shell')));
  process.on('unhandledRejection', (error) => screen.fail(asFailure(error, 'shell')));
}
