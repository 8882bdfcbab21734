import path from 'node:path';

import { app, Menu } from 'electron';

import { t } from '../locale/current.js';
import { jumpList } from '../policy/jump-list.js';
import { appAddress } from '../policy/origin.js';

/**
 * @typedef {{label: string, path: string, folder: string}} Entry `path` of a page; `folder`: an absolute path on disk, or ''
 * @typedef {ReturnType<typeof setupRecent>} Recent
 */

/**
 * Recently opened items, reported by the app's pages: File, Open Recent, and the system's lists
 * (the jump list of Windows, the Dock and recent items of macOS).
 * @param {import('../backend/runtime.js').Runtime} runtime
 * @param {{screen: import('./screen.js').ScreenType}} parts
 */
export function setupRecent({ app: about }, { screen }) {
  /** @type {Entry[]} */
  let entries = [];
  let changed = () => {};
  const open = (/** @type {Entry} */ entry) => () => {
    const url = appAddress(entry.path, screen.origin);
    if (url) screen.goTo(url);
  };
  return {
    /** @param {Entry[]} found the newest first; what is no page of the app is left out */
    set(found) {
      const fit = found.filter((one) => one.label && appAddress(one.path, screen.origin));
      if (JSON.stringify(fit) === JSON.stringify(entries)) return;
      entries = fit;
      changed();
      tellSystem(about, entries, open);
    },
    entries: () => entries,
    open,
    /** @param {() => void} callback */
    onChange: (callback) => { changed = callback; },
  };
}

/**
 * Each system has one of these lists, or none.
 * @param {import('../app.js').App} about
 * @param {Entry[]} entries
 * @param {(entry: Entry) => () => void} open
 */
function tellSystem(about, entries, open) {
  if (typeof app.setJumpList === 'function') app.setJumpList(jumpList(about.scheme, entries, process.execPath, t('Recent')));
  if (app.dock && typeof app.dock.setMenu === 'function') {
    app.dock.setMenu(Menu.buildFromTemplate(entries.map((entry) => ({ label: entry.label, click: open(entry) }))));
  }
  const [first] = entries;
  if (first && path.isAbsolute(first.folder) && typeof app.addRecentDocument === 'function') app.addRecentDocument(first.folder);
}
