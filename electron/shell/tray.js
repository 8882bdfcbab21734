import { Menu, nativeImage, Tray } from 'electron';

import { t } from '../locale/current.js';
import { DEFAULT_WINDOW_ICON } from '../paths.js';
import { appAddress } from '../policy/origin.js';

const TRAY_SIZE = 22;

/** How many run, in words. @param {number} n */
export const running = (n) => (n === 0 ? t('No job is running any more') : n === 1 ? t('A job is running') : t('{n} jobs are running', { n: String(n) }));

/**
 * The icon in the tray while jobs go on without a window: it names them and leads to their pages, where they can be
 * stopped. It stays when they are done, as nothing else would lead back to the app.
 * @param {import('../app.js').App} about
 * @param {{main: import('./window.js').MainWindow, screen: import('./screen.js').ScreenType, quit: () => void}} parts
 */
export function trayOf(about, { main, screen, quit }) {
  /** @type {Tray | null} */
  let tray = null;
  /** @type {import('../policy/quit.js').Jobs | null} */
  let told = null;

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
    /** Where it is shown: which jobs there are now. @param {import('../policy/quit.js').Jobs} jobs */
    follow(jobs) {
      // How far they are changes often, and a menu that is open would be lost.
      const same = told && told.running === jobs.running && JSON.stringify(told.names) === JSON.stringify(jobs.names);
      if (!tray || same) return;
      told = jobs;
      tray.setToolTip(`${about.name}: ${running(jobs.running)}`);
      tray.setContextMenu(Menu.buildFromTemplate(entries(jobs)));
    },
    hide() {
      const gone = tray;
      tray = null;
      told = null;
      // Later: it may be its own menu that was chosen from, which must not go meanwhile.
      if (gone) setImmediate(() => gone.destroy());
    },
  };
}
