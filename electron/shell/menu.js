import path from 'node:path';

import { app, dialog, Menu } from 'electron';

import { appAddress } from '../policy/origin.js';
import { copyDiagnostics, exportDiagnostics } from './diagnostics.js';
import { chooseFolder } from './dialogs.js';
import { openFolder } from './messages.js';

const ZOOM_STEP = 0.5;
const ZOOM_LIMIT = 4;
const WORDS = { preferences: 'Preferences…', settings: 'Settings…', back: 'Back', forward: 'Forward' };

/**
 * @param {import('../backend/runtime.js').Runtime} runtime
 * @param {{main: import('./window.js').MainWindow, screen: import('./screen.js').ScreenType, find: import('./find.js').Find, history: import('./history.js').History, power: import('./power.js').Power, gpu: import('./gpu.js').Gpu}} parts
 */
export function setupMenu(runtime, { main, screen, find, history, power, gpu }) {
  const mac = process.platform === 'darwin';
  const { dataDir, version, supervisor } = runtime;
  app.setAboutPanelOptions({
    applicationName: 'DJDesk',
    applicationVersion: version,
    version: `Electron ${process.versions.electron}`,
    copyright: app.isPackaged ? 'MIT License. What is inside of it, with its licences: Help, Licences.' : 'MIT License',
  });

  // The window's page by name: the roles act on what has the focus, and that may be the find bar.
  const page = () => main.window.webContents;
  const zoom = (/** @type {number} */ step) => () => {
    if (!main.alive()) return;
    const level = step === 0 ? 0 : page().getZoomLevel() + step;
    page().setZoomLevel(Math.max(-ZOOM_LIMIT, Math.min(ZOOM_LIMIT, level)));
  };
  const openProject = async () => {
    const folder = await chooseFolder(main);
    if (folder) screen.send('djdesk:open-folder', folder);
  };
  const goTo = (/** @type {string} */ path) => () => {
    const url = appAddress(path, screen.origin);
    if (url) screen.goTo(url);
  };
  const exportThem = async () => {
    const { file, problem } = await exportDiagnostics(runtime, main);
    if (!main.alive() || (!file && !problem)) return;
    dialog.showMessageBox(main.window, problem
      ? { type: 'error', message: 'The diagnostics were not written', detail: problem }
      : { type: 'info', message: 'The diagnostics are written', detail: `${file}\n\nIt is all text: read it before you send it.` });
  };

  /** @type {Electron.MenuItemConstructorOptions} */
  const preferences = { id: 'preferences', label: mac ? WORDS.settings : WORDS.preferences, accelerator: 'CmdOrCtrl+,', click: goTo('/desktop/preferences/') };
  /** @type {Electron.MenuItemConstructorOptions[]} */
  const template = [
    // As its role would make it, with the preferences in their place.
    ...(mac ? [/** @type {Electron.MenuItemConstructorOptions} */ ({
      label: 'DJDesk',
      submenu: [
        { role: 'about' }, { type: 'separator' }, preferences, { type: 'separator' }, { role: 'services' }, { type: 'separator' },
        { role: 'hide' }, { role: 'hideOthers' }, { role: 'unhide' }, { type: 'separator' }, { role: 'quit' },
      ],
    })] : []),
    {
      label: '&File',
      submenu: [
        { id: 'open-folder', label: 'Open Folder…', accelerator: 'CmdOrCtrl+O', click: openProject },
        { type: 'separator' },
        ...(mac ? [] : [preferences]),
        { id: 'open-data-folder', label: 'Open Data Folder', click: () => openFolder(dataDir) },
        { type: 'separator' },
        { id: 'start-worker', label: 'Start Background Tasks', click: () => supervisor.startWorker() },
        {
          id: 'keep-awake',
          label: 'Keep Computer Awake While Working',
          type: 'checkbox',
          checked: power.keepAwake(),
          click: ({ checked }) => power.setKeepAwake(checked),
        },
        { type: 'separator' },
        mac ? { role: 'close' } : { role: 'quit' },
      ],
    },
    {
      label: '&Edit',
      submenu: [
        { role: 'undo' }, { role: 'redo' }, { type: 'separator' },
        { role: 'cut' }, { role: 'copy' }, { role: 'paste' }, { role: 'selectAll' }, { type: 'separator' },
        { id: 'find', label: 'Find in Page…', accelerator: 'CmdOrCtrl+F', click: () => find.open() },
        { label: 'Find Next', accelerator: mac ? 'Cmd+G' : 'F3', click: () => find.again(true) },
        { label: 'Find Previous', accelerator: mac ? 'Shift+Cmd+G' : 'Shift+F3', click: () => find.again(false) },
      ],
    },
    {
      label: '&View',
      submenu: [
        { id: 'back', label: WORDS.back, accelerator: mac ? 'Cmd+[' : 'Alt+Left', click: () => history.go(-1) },
        { id: 'forward', label: WORDS.forward, accelerator: mac ? 'Cmd+]' : 'Alt+Right', click: () => history.go(1) },
        { type: 'separator' },
        { id: 'reload', label: 'Reload', accelerator: 'CmdOrCtrl+R', click: () => main.alive() && page().reload() },
        { type: 'separator' },
        { id: 'zoom-in', label: 'Zoom In', accelerator: 'CmdOrCtrl+Plus', click: zoom(ZOOM_STEP) },
        // The same key without Shift on most keyboards.
        { label: 'Zoom In', accelerator: 'CmdOrCtrl+=', visible: false, acceleratorWorksWhenHidden: true, click: zoom(ZOOM_STEP) },
        { id: 'zoom-out', label: 'Zoom Out', accelerator: 'CmdOrCtrl+-', click: zoom(-ZOOM_STEP) },
        { id: 'zoom-reset', label: 'Actual Size', accelerator: 'CmdOrCtrl+0', click: zoom(0) },
        { type: 'separator' },
        { role: 'togglefullscreen' },
        {
          id: 'use-gpu',
          label: 'Use GPU Acceleration (from the Next Start)',
          type: 'checkbox',
          checked: gpu.wanted(),
          click: ({ checked }) => gpu.setWanted(checked),
        },
        ...(app.isPackaged ? [] : [/** @type {Electron.MenuItemConstructorOptions} */ ({ role: 'toggleDevTools' })]),
      ],
    },
    { role: 'windowMenu' },
    {
      role: 'help',
      label: '&Help',
      submenu: [
        { id: 'help-page', label: 'DJDesk Help', click: goTo('/help/') },
        { type: 'separator' },
        { id: 'data-page', label: 'Data and Backups…', click: goTo('/desktop/data/') },
        { id: 'logs-page', label: 'Logs…', click: goTo('/desktop/logs/') },
        ...(app.isPackaged ? [
          /** @type {Electron.MenuItemConstructorOptions} */ ({ id: 'licences', label: 'Licences', click: () => openFolder(path.join(process.resourcesPath, 'LICENSES.txt')) }),
        ] : []),
        { type: 'separator' },
        { id: 'show-logs', label: 'Open Log Folder', click: () => openFolder(path.join(dataDir, 'logs')) },
        { id: 'export-diagnostics', label: 'Export Diagnostics…', click: exportThem },
        { label: 'Copy Diagnostics', click: () => copyDiagnostics(runtime, screen) },
        ...(mac ? [] : [
          /** @type {Electron.MenuItemConstructorOptions} */ ({ type: 'separator' }),
          { id: 'about', label: 'About DJDesk', click: () => app.showAboutPanel() },
        ]),
      ],
    },
  ];
  const menu = Menu.buildFromTemplate(template);
  Menu.setApplicationMenu(menu);
  const item = (/** @type {string} */ id) => /** @type {Electron.MenuItem} */ (menu.getMenuItemById(id));

  const follow = () => {
    const { state } = supervisor.worker.status;
    const running = supervisor.state === 'ready';
    item('start-worker').enabled = running && (state === 'stopped' || state === 'failed');
    for (const id of ['help-page', 'data-page', 'logs-page', 'preferences']) item(id).enabled = running;
  };
  supervisor.on('state', follow);
  supervisor.on('worker', follow);
  follow();
  gpu.changed = () => { item('use-gpu').checked = gpu.wanted(); };
}
