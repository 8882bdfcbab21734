import path from 'node:path';

import { app, Menu } from 'electron';

import { copyDiagnostics } from './diagnostics.js';
import { chooseFolder } from './dialogs.js';
import { openFolder } from './messages.js';

const ZOOM_STEP = 0.5;
const ZOOM_LIMIT = 4;

/**
 * @param {import('../backend/runtime.js').Runtime} runtime
 * @param {{main: import('./window.js').MainWindow, screen: import('./screen.js').ScreenType, find: import('./find.js').Find}} parts
 */
export function setupMenu(runtime, { main, screen, find }) {
  const mac = process.platform === 'darwin';
  const { dataDir, version } = runtime;
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

  /** @type {Electron.MenuItemConstructorOptions[]} */
  const template = [
    ...(mac ? [/** @type {Electron.MenuItemConstructorOptions} */ ({ role: 'appMenu' })] : []),
    {
      label: '&File',
      submenu: [
        { id: 'open-folder', label: 'Open Folder…', accelerator: 'CmdOrCtrl+O', click: openProject },
        { type: 'separator' },
        { id: 'open-data-folder', label: 'Open Data Folder', click: () => openFolder(dataDir) },
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
        { id: 'reload', label: 'Reload', accelerator: 'CmdOrCtrl+R', click: () => main.alive() && page().reload() },
        { type: 'separator' },
        { id: 'zoom-in', label: 'Zoom In', accelerator: 'CmdOrCtrl+Plus', click: zoom(ZOOM_STEP) },
        // The same key without Shift on most keyboards.
        { label: 'Zoom In', accelerator: 'CmdOrCtrl+=', visible: false, acceleratorWorksWhenHidden: true, click: zoom(ZOOM_STEP) },
        { id: 'zoom-out', label: 'Zoom Out', accelerator: 'CmdOrCtrl+-', click: zoom(-ZOOM_STEP) },
        { id: 'zoom-reset', label: 'Actual Size', accelerator: 'CmdOrCtrl+0', click: zoom(0) },
        { type: 'separator' },
        { role: 'togglefullscreen' },
        ...(app.isPackaged ? [] : [/** @type {Electron.MenuItemConstructorOptions} */ ({ role: 'toggleDevTools' })]),
      ],
    },
    { role: 'windowMenu' },
    {
      role: 'help',
      label: '&Help',
      submenu: [
        { id: 'show-logs', label: 'Show Logs', click: () => openFolder(path.join(dataDir, 'logs')) },
        ...(app.isPackaged ? [
          /** @type {Electron.MenuItemConstructorOptions} */ ({ id: 'licences', label: 'Licences', click: () => openFolder(path.join(process.resourcesPath, 'LICENSES.txt')) }),
        ] : []),
        { label: 'Copy Diagnostics', click: () => copyDiagnostics(runtime, screen) },
        ...(mac ? [] : [
          /** @type {Electron.MenuItemConstructorOptions} */ ({ type: 'separator' }),
          { id: 'about', label: 'About DJDesk', click: () => app.showAboutPanel() },
        ]),
      ],
    },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}
