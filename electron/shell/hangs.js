import { say } from '../locale/messages.js';
import { barHeight } from '../policy/bars.js';
import { decideAfterHang, HANG_LIMIT_MS } from '../policy/hangs.js';
import { Overlay } from './overlay.js';

/**
 * Handles a page whose script is stuck. Chromium reports it when user input gets no response;
 * dialogs and breakpoints do not count. The message is shown above the page and blocks nothing.
 * @typedef {{wait: () => void, reload: () => void}} Hangs
 *
 * @param {import('../backend/runtime.js').Runtime} runtime
 * @param {{main: import('./window.js').MainWindow, screen: import('./screen.js').ScreenType, prompts: import('./prompt.js').Prompts}} parts
 * @returns {Hangs}
 */
export function setupHangHandling({ logs, supervisor }, { main, screen, prompts }) {
  const contents = main.window.webContents;
  const bar = new Overlay(main, 'hung.html', ({ width }) => ({ x: 0, y: 0, width, height: barHeight(width) }));
  /** Times of automatic reloads. @type {number[]} */
  const earlier = [];
  let hung = false;
  let waiting = false;
  let cancel = () => {};

  const over = () => {
    cancel();
    hung = false;
    waiting = false;
    bar.hide();
  };
  const ask = () => {
    bar.show();
    cancel();
    // A timer that pauses during sleep: no page answers then.
    cancel = supervisor.timers.after(HANG_LIMIT_MS, decide);
  };
  const decide = () => {
    if (!hung || !main.alive()) return;
    const now = Date.now();
    const verdict = decideAfterHang({ now, earlier, waiting });
    logs.write('shell', `the page still does not answer: ${verdict}`);
    if (verdict === 'ask') {
      waiting = false;
      ask();
      return;
    }
    earlier.push(now);
    over();
    if (verdict === 'reload') screen.replace();
    else {
      screen.replace({
        stage: 'window',
        code: 'page_hung',
        reason: say('The page stopped responding again after it was reloaded.'),
        hint: say('Try again. If it keeps happening, the page is too much for this computer or has a bug: report it.'),
      });
    }
  };

  contents.on('unresponsive', () => {
    // It waits for the answer to its prompt().
    if (hung || prompts.open()) return;
    hung = true;
    logs.write('shell', 'the page does not answer');
    ask();
  });
  contents.on('responsive', () => {
    if (!hung) return;
    logs.write('shell', 'the page answers again');
    over();
  });
  contents.on('render-process-gone', over);
  contents.on('did-navigate', over);

  return {
    wait: () => {
      waiting = true;
      bar.hide();
      cancel();
      cancel = supervisor.timers.after(HANG_LIMIT_MS, decide);
    },
    reload: () => {
      over();
      screen.replace();
    },
  };
}
