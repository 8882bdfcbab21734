import { app, BrowserWindow, dialog, Menu } from 'electron';

import { t } from '../locale/current.js';
import { appAddress } from '../policy/origin.js';
import { exportDiagnostics } from './diagnostics.js';
import { entryId, menuTemplate } from './menu-template.js';
import { isOwnContents } from './own-contents.js';

const ZOOM_LIMIT = 4;

/**
 * @param {import('../backend/runtime.js').Runtime} runtime
 * @param {{main: import('./window.js').MainWindow, screen: import('./screen.js').ScreenType, find: import('./find.js').Find, history: import('./history.js').History, power: import('./power.js').Power, gpu: import('./gpu.js').Gpu, language: import('./language.js').LanguageSetting, updates: import('./updates.js').Updates, recent: import('./recent.js').Recent, lifecycle: ReturnType<typeof import('./lifecycle.js').setupLifecycle>}} parts
 */
export function setupMenu(runtime, { main, screen, find, history, power, gpu, language, updates, lifecycle, recent }) {
  const { app: about, supervisor } = runtime;

  // The focused window's page, explicitly: roles act on the focused contents, which may be the find
  // bar.
  const page = () => {
    const front = BrowserWindow.getFocusedWindow();
    return front && isOwnContents(front.webContents.id) ? front.webContents : main.window.webContents;
  };
  const zoom = (/** @type {number} */ step) => () => {
    if (!main.alive()) return;
    const level = step === 0 ? 0 : page().getZoomLevel() + step;
    page().setZoomLevel(Math.max(-ZOOM_LIMIT, Math.min(ZOOM_LIMIT, level)));
  };
  /** A menu entry that the app defined. @param {import('../app.js').MenuEntry} entry */
  const own = ({ path, message }) => (path === undefined ? () => screen.send('djdesk:menu', String(message)) : goTo(path));
  const goTo = (/** @type {string} */ path) => () => {
    const url = appAddress(path, screen.origin);
    if (url) screen.goTo(url);
  };
  const exportThem = async () => {
    const { file, problem } = await exportDiagnostics(runtime, main);
    if (!main.alive() || (!file && !problem)) return;
    dialog.showMessageBox(main.window, problem
      ? { type: 'error', message: t('The diagnostics could not be saved'), detail: problem }
      : { type: 'info', message: t('The diagnostics have been saved'), detail: `${file}\n\n${t('It is all text. Read it before you send it.')}` });
  };

  const reload = () => {
    if (main.alive()) page().reload();
  };

  // By the page: contents.print() gives up without a printer, while this can also save a PDF. With
  // a user gesture: after a cancelled dialog Chromium ignores a page that prints again by itself.
  const print = () => {
    if (main.alive()) page().executeJavaScript('window.print()', true).catch(() => {});
  };

  let menu = new Menu();
  const item = (/** @type {string} */ id) => /** @type {Electron.MenuItem} */ (menu.getMenuItemById(id));
  const follow = () => {
    const idle = [supervisor.worker, ...supervisor.processes].some(({ status: { state } }) => state === 'stopped' || state === 'failed');
    const running = supervisor.state === 'ready';
    item('start-worker').enabled = running && idle;
    for (const id of ['help-page', 'data-page', 'logs-page', 'updates-page', 'preferences', ...about.menu.map(entryId)]) {
      if (item(id)) item(id).enabled = running;
    }
    if (item('open-recent')) item('open-recent').enabled = running && recent.entries().length > 0;
  };
  const build = () => {
    app.setAboutPanelOptions({
      applicationName: about.name,
      applicationVersion: about.version,
      version: `Electron ${process.versions.electron}`,
      copyright: [about.publisher && `© ${about.publisher}`, t('Built with DJDesk. Licences of all components: Help, Licences.')].filter(Boolean).join('\n'),
    });
    menu = Menu.buildFromTemplate(menuTemplate(runtime, { screen, find, history, power, gpu, updates, recent }, { own, goTo, exportThem, print, zoom, reload, quit: lifecycle.quitIfWanted }));
    Menu.setApplicationMenu(menu);
    follow();
  };
  build();
  language.onChange(build);
  updates.onBadge(build);
  recent.onChange(build);
  supervisor.on('state', follow);
  supervisor.on('worker', follow);
  gpu.changed = () => { item('use-gpu').checked = gpu.wanted(); };
}
