import { Notification } from 'electron';

import { appAddress } from '../policy/origin.js';

/**
 * Notifications being shown: garbage-collected ones lose their click event.
 * @type {Set<Notification>}
 */
const shown = new Set();

/**
 * A native notification, unless the window has the focus. A click brings the window to the front at
 * a page of the app.
 * @param {{title: string, body: string, path: string}} note
 * @param {{main: import('./window.js').MainWindow, screen: import('./screen.js').ScreenType}} parts
 * @returns {boolean} whether it was shown
 */
export function notify({ title, body, path }, { main, screen }) {
  if (!main.alive() || main.window.isFocused() || !Notification.isSupported()) return false;
  const notification = new Notification({ title, body });
  shown.add(notification);
  notification.on('click', () => {
    main.focus();
    const url = appAddress(path, screen.origin);
    if (url) screen.goTo(url);
    shown.delete(notification);
  });
  notification.on('close', () => shown.delete(notification));
  notification.show();
  return true;
}
