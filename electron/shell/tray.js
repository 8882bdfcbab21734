import { Menu, nativeImage, Tray } from 'electron';

import { t } from '../locale/current.js';
import { DEFAULT_WINDOW_ICON } from '../paths.js';
import { appAddress } from '../policy/origin.js';

const TRAY_SIZE = 22;

/** How many jobs run, in words. @param {number} n */
export const running = (n) => (n === 0 ? t('No job is running any more') : n === 1 ? t('A job is running') : t('{n} jobs are running', { n: String(n) }));

/**
 * The tray icon while jobs run without a window: it lists them with links to their pages, where
 * they can be stopped. It stays after they end, because nothing else leads back to the app.
 * @param {import('../app.js').App} about
 * @param {{main: import('./window.js').MainWindow, screen: import('./screen.js').ScreenType, quit: () => void}} parts
 */
export function trayOf(about, { main, screen, quit }) {
  /** @type {Tray | null} */
  let tray = null;
  /** @type {import('../policy/quit.js').Jobs | null} */
  let shown = null;

  const open = (/** @type {string} */ path) => () => {
    main.focus();
    const url = appAddress(path, screen.origin);
    if (url) screen.goTo(url);
  };
  /** @param {import('../policy/quit.js').Jobs} jobs @returns {Electron.MenuItemConstructorOptions[]} */
  const entries = ({ running: n, names }) => [
    { label: running(n), enabled: false },
    ...names.map(({ title, path }) => ({ label: t('Show or Stop “{title}”…', { title: title.slice(0, 60).replace(/&/g, '&&') }), click: open(path) })),
    { type: 'separator' },
    { label: t('Open {app}', { app: about.name.replace(/&/g, '&&') }), click: () => main.focus() },
    { label: t('Quit {app}', { app: about.name.replace(/&/g, '&&') }), click: quit },
  ];
  return {
    /** @param {import('../policy/quit.js').Jobs} jobs */
    show(jobs) {
      if (!tray) {
        const picture = nativeImage.createFromPath(about.windowIcon || DEFAULT_WINDOW_ICON);
        tray = new Tray(picture.resize({ width: TRAY_SIZE, height: TRAY_SIZE }));
        tray.on('click', () => main.focus());
      }
      this.follow(jobs);
    },
    /** Updates the list of jobs in the menu. @param {import('../policy/quit.js').Jobs} jobs */
    follow(jobs) {
      // Progress changes often, and rebuilding the menu would close it while open.
      const same = shown && shown.running === jobs.running && JSON.stringify(shown.names) === JSON.stringify(jobs.names);
      if (!tray || same) return;
      shown = jobs;
      tray.setToolTip(`${about.name}: ${running(jobs.running)}`);
      tray.setContextMenu(Menu.buildFromTemplate(entries(jobs)));
    },
    hide() {
      const gone = tray;
      tray = null;
      shown = null;
      // Deferred: the click may come from its own menu, which must exist until then.
      if (gone) setImmediate(() => gone.destroy());
    },
  };
}
