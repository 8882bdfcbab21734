import path from 'node:path';

import { app } from 'electron';

import { labelIn } from '../app.js';
import { language, t } from '../locale/current.js';
import { copyDiagnostics } from './diagnostics.js';
import { openFolder } from './messages.js';

const ZOOM_STEP = 0.5;

/** The id of an app's menu entry. @param {import('../app.js').MenuEntry} entry */
export const entryId = ({ path: to, message }) => message || String(to);

/** For its type only. @param {Electron.MenuItemConstructorOptions} options */
const item = (options) => options;

/**
 * The menu in the current language. Every role has its label here, because Electron's own are
 * English.
 * @typedef {{own: (entry: import('../app.js').MenuEntry) => () => void, goTo: (path: string) => () => void, exportThem: () => void, print: () => void, zoom: (step: number) => () => void, reload: () => void, quit: () => void}} MenuActions
 *
 * @param {import('../backend/runtime.js').Runtime} runtime
 * @param {{screen: import('./screen.js').ScreenType, find: import('./find.js').Find, history: import('./history.js').History, power: import('./power.js').Power, gpu: import('./gpu.js').Gpu, updates: import('./updates.js').Updates, recent: import('./recent.js').Recent}} parts
 * @param {MenuActions} actions
 * @returns {Electron.MenuItemConstructorOptions[]}
 */
export function menuTemplate(runtime, { screen, find, history, power, gpu, updates, recent }, actions) {
  const mac = process.platform === 'darwin';
  const windows = process.platform === 'win32';
  const { app: about, dataDir, supervisor } = runtime;
  // In menu labels `&` marks the access key.
  const named = { app: about.name.replace(/&/g, '&&') };
  // Consecutive separators are shown as one, and none at either end.
  const line = item({ type: 'separator' });
  const ownItem = (/** @type {import('../app.js').MenuEntry} */ entry) => item({
    id: entryId(entry), label: labelIn(entry.label, language()), ...(entry.accelerator ? { accelerator: entry.accelerator } : {}), click: actions.own(entry),
  });
  // A submenu is placed at its first entry.
  const own = (/** @type {import('../app.js').MenuEntry['menu']} */ menu) => {
    const entries = about.menu.filter((entry) => entry.menu === menu);
    const name = (/** @type {import('../app.js').MenuEntry} */ entry) => (entry.submenu ? labelIn(entry.submenu, language()) : '');
    return entries.flatMap((entry, at) => {
      if (!name(entry)) return [ownItem(entry)];
      if (entries.findIndex((other) => name(other) === name(entry)) !== at) return [];
      return [item({ label: name(entry), submenu: entries.filter((other) => name(other) === name(entry)).map(ownItem) })];
    });
  };
  const recents = !about.bridge.includes('recent') ? [] : [item({
    id: 'open-recent',
    label: t('Open Recent'),
    enabled: recent.entries().length > 0,
    submenu: recent.entries().map((entry) => item({ label: entry.label.replace(/&/g, '&&'), ...(entry.folder ? { sublabel: entry.folder } : {}), click: recent.open(entry) })),
  })];
  const going = own('go');
  const preferences = !about.preferences ? line : item({ id: 'preferences', label: mac ? t('Settings…') : t('Preferences…'), accelerator: 'CmdOrCtrl+,', click: actions.goTo(about.preferences) });
  return [
    // As the role would build it, plus the preferences.
    ...(mac ? [item({
      label: named.app,
      submenu: [
        { role: 'about', label: t('About {app}', named) }, { type: 'separator' }, preferences, { type: 'separator' }, { role: 'services', label: t('Services') }, { type: 'separator' },
        { role: 'hide', label: t('Hide {app}', named) }, { role: 'hideOthers', label: t('Hide Others') }, { role: 'unhide', label: t('Show All') }, { type: 'separator' }, { id: 'quit', label: t('Quit {app}', named), accelerator: 'Cmd+Q', click: actions.quit },
      ],
    })] : []),
    {
      label: t('&File'),
      submenu: [
        // An app's first entry usually opens something; the recent items follow it.
        ...own('file').slice(0, 1),
        ...recents,
        line,
        ...own('file').slice(1),
        line,
        { id: 'print', label: t('Print…'), accelerator: 'CmdOrCtrl+P', click: actions.print },
        line,
        ...(mac ? [] : [preferences]),
        { id: 'open-data-folder', label: t('Open Data Folder'), click: () => openFolder(dataDir) },
        { type: 'separator' },
        { id: 'start-worker', label: t('Start Background Tasks'), click: () => supervisor.startWorker() },
        {
          id: 'keep-awake',
          label: t('Keep Computer Awake While Working'),
          type: 'checkbox',
          checked: power.keepAwake(),
          click: ({ checked }) => power.setKeepAwake(checked),
        },
        { type: 'separator' },
        mac ? { role: 'close', label: t('Close Window') } : { id: 'quit', label: windows ? t('Exit') : t('Quit'), ...(windows ? {} : { accelerator: 'Ctrl+Q' }), click: actions.quit },
      ],
    },
    {
      label: t('&Edit'),
      submenu: [
        { role: 'undo', label: t('Undo') }, { role: 'redo', label: t('Redo') }, { type: 'separator' },
        { role: 'cut', label: t('Cut') }, { role: 'copy', label: t('Copy') }, { role: 'paste', label: t('Paste') }, { role: 'selectAll', label: t('Select All') }, { type: 'separator' },
        { id: 'find', label: t('Find in Page…'), accelerator: 'CmdOrCtrl+F', click: () => find.open() },
        { label: t('Find Next'), accelerator: mac ? 'Cmd+G' : 'F3', click: () => find.again(true) },
        { label: t('Find Previous'), accelerator: mac ? 'Shift+Cmd+G' : 'Shift+F3', click: () => find.again(false) },
        line,
        ...own('edit'),
      ],
    },
    {
      label: t('&View'),
      submenu: [
        ...own('view'),
        line,
        { id: 'back', label: t('Back'), accelerator: mac ? 'Cmd+[' : 'Alt+Left', click: () => history.go(-1) },
        { id: 'forward', label: t('Forward'), accelerator: mac ? 'Cmd+]' : 'Alt+Right', click: () => history.go(1) },
        { type: 'separator' },
        { id: 'reload', label: t('Reload'), accelerator: 'CmdOrCtrl+R', click: actions.reload },
        { type: 'separator' },
        { id: 'zoom-in', label: t('Zoom In'), accelerator: 'CmdOrCtrl+Plus', click: actions.zoom(ZOOM_STEP) },
        // The same key without Shift on most keyboards.
        { label: t('Zoom In'), accelerator: 'CmdOrCtrl+=', visible: false, acceleratorWorksWhenHidden: true, click: actions.zoom(ZOOM_STEP) },
        { id: 'zoom-out', label: t('Zoom Out'), accelerator: 'CmdOrCtrl+-', click: actions.zoom(-ZOOM_STEP) },
        { id: 'zoom-reset', label: t('Actual Size'), accelerator: 'CmdOrCtrl+0', click: actions.zoom(0) },
        { type: 'separator' },
        { role: 'togglefullscreen', label: t('Toggle Full Screen') },
        {
          id: 'use-gpu',
          label: t('Use GPU Acceleration (from the Next Start)'),
          type: 'checkbox',
          checked: gpu.wanted(),
          click: ({ checked }) => gpu.setWanted(checked),
        },
        ...(app.isPackaged ? [] : [item({ role: 'toggleDevTools', label: t('Toggle Developer Tools') })]),
      ],
    },
    ...(going.length ? [item({ label: t('&Go'), submenu: going })] : []),
    {
      role: 'windowMenu',
      label: t('&Window'),
      submenu: [
        { role: 'minimize', label: t('Minimize') }, { role: 'zoom', label: t('Zoom') },
        ...(mac
          ? [item({ type: 'separator' }), item({ role: 'front', label: t('Bring All to Front') })]
          : [item({ role: 'close', label: t('Close') })]),
        line,
        ...own('window'),
      ],
    },
    {
      role: 'help',
      label: t('&Help'),
      submenu: [
        ...(about.helpUrl ? [item({ id: 'help-page', label: t('{app} Help', named), click: actions.goTo(about.helpUrl) })] : []),
        ...own('help'),
        line,
        { id: 'data-page', label: t('Data and Backups…'), click: actions.goTo('/desktop/data/') },
        { id: 'logs-page', label: t('Logs…'), click: actions.goTo('/desktop/logs/') },
        { id: 'updates-page', label: updates.badge() ? t('Update to {version}…', { version: updates.badge() }) : t('Updates…'), click: actions.goTo('/desktop/updates/') },
        ...(app.isPackaged ? [
          item({ id: 'licences', label: t('Licences'), click: () => openFolder(path.join(process.resourcesPath, 'LICENSES.txt')) }),
        ] : []),
        { type: 'separator' },
        { id: 'show-logs', label: t('Open Log Folder'), click: () => openFolder(path.join(dataDir, 'logs')) },
        { id: 'export-diagnostics', label: t('Export Diagnostics…'), click: actions.exportThem },
        { label: t('Copy Diagnostics'), click: () => copyDiagnostics(runtime, screen) },
        ...(mac ? [] : [
          item({ type: 'separator' }),
          { id: 'about', label: t('About {app}', named), click: () => app.showAboutPanel() },
        ]),
      ],
    },
  ];
}
