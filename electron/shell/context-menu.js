import { app, clipboard, Menu } from 'electron';

import { contextItems } from '../policy/context-menu.js';
import { isOwnContents } from './own-contents.js';

const WORDS = { copyLink: 'Copy Link Address' };

/** Electron has no menu of its own for a click with the other mouse button. Before any window is made. */
export function setupContextMenu() {
  app.on('web-contents-created', (_created, contents) => {
    contents.on('context-menu', (_event, clicked) => {
      if (!isOwnContents(contents.id)) return;
      const items = contextItems(clicked);
      if (!items.length) return;
      Menu.buildFromTemplate(items.map((item) => ('link' in item
        ? { label: WORDS.copyLink, click: () => clipboard.writeText(item.link) }
        : item))).popup();
    });
  });
}
