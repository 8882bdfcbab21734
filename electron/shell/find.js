import { Overlay } from './overlay.js';

const SIZE = { width: 380, height: 48 };
const MARGIN = 12;

/**
 * Find in page. The bar is a separate view: inside the page it would find its own text.
 * @typedef {{open: () => void, close: () => void, search: (words: string, how: {forward: boolean, first: boolean}) => void, again: (forward: boolean) => void}} Find
 *
 * @param {import('./window.js').MainWindow} main
 * @returns {Find}
 */
export function setupFind(main) {
  const page = main.window.webContents;
  const bar = new Overlay(main, 'find.html', ({ width }) => ({
    x: Math.max(0, width - SIZE.width - MARGIN),
    y: MARGIN,
    width: Math.min(SIZE.width, width),
    height: SIZE.height,
  }));
  let words = '';

  const open = () => {
    bar.show();
    const { contents } = bar;
    if (!contents) return;
    contents.focus();
    if (!contents.isLoading()) contents.send('djdesk-find:focus');
    else contents.once('did-finish-load', () => contents.focus());
  };
  const close = () => {
    if (!bar.view) return;
    words = '';
    bar.hide();
    if (!main.alive()) return;
    page.stopFindInPage('keepSelection');
    page.focus();
  };
  /** @type {Find['search']} */
  const search = (wanted, { forward, first }) => {
    words = wanted;
    if (!words) {
      page.stopFindInPage('clearSelection');
      tell({ current: 0, total: 0 });
      return;
    }
    page.findInPage(words, { forward, findNext: first });
  };
  const tell = (/** @type {{current: number, total: number}} */ result) => {
    if (bar.contents && !bar.contents.isDestroyed()) bar.contents.send('djdesk-find:result', result);
  };

  page.on('found-in-page', (_event, result) => {
    // In some versions finding moves the focus to the page; the user keeps typing in the bar.
    if (bar.contents && result.finalUpdate) bar.contents.focus();
    tell({ current: result.activeMatchOrdinal, total: result.matches });
  });
  page.on('did-start-navigation', (details) => {
    if (details.isMainFrame && !details.isSameDocument) close();
  });
  return {
    open,
    close,
    search,
    again: (forward) => (words ? search(words, { forward, first: false }) : open()),
  };
}
