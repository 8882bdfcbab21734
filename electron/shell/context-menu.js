import { app, clipboard, Menu } from 'electron';

import { t } from '../locale/current.js';
import { contextItems } from '../policy/context-menu.js';
import { isOwnContents } from './own-contents.js';

/** Electron's own labels are English. */
const words = () => ({ undo: t('Undo'), redo: t('Redo'), cut: t('Cut'), copy: t('Copy'), paste: t('Paste'), selectAll: t('Select All') });

/** Electron has no default context menu. Call before any window is created. */
export function setupContextMenu() {
  app.on('web-contents-created', (_created, contents) => {
    contents.on('context-menu', (_event, clicked) => {
      if (!isOwnContents(contents.id)) return;
      const items = contextItems(clicked);
      if (!items.length) return;
      const labels = words();
      Menu.buildFromTemplate(items.map((item) => {
        if ('link' in item) return { label: t('Copy Link Address'), click: () => clipboard.writeText(item.link) };
        return 'role' in item ? { ...item, label: labels[item.role] } : item;
      })).popup();
    });
  });
}
