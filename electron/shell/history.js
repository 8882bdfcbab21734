import { historyTarget } from '../policy/history.js';

/**
 * Back and Forward, for the menu, its shortcuts, and the buttons of some mice.
 * @typedef {{go: (step: -1 | 1) => void}} History
 *
 * @param {{main: import('./window.js').MainWindow, screen: import('./screen.js').ScreenType}} parts
 * @returns {History}
 */
export function setupHistory({ main, screen }) {
  /** @param {-1 | 1} step */
  const go = (step) => {
    if (!main.alive()) return;
    const { navigationHistory: history } = main.window.webContents;
    const urls = Array.from({ length: history.length() }, (_, at) => (history.getEntryAtIndex(at) || { url: '' }).url);
    const target = historyTarget({ urls, active: history.getActiveIndex(), step, origin: screen.origin });
    if (target !== null) history.goToIndex(target);
  };
  main.window.on('app-command', (_event, command) => {
    if (command === 'browser-backward') go(-1);
    else if (command === 'browser-forward') go(1);
  });
  return { go };
}
