/**
 * The API for pages: one named function per message, never ipcRenderer or an event object. The
 * app's pages get `djdesk`; the shell's own get `djdeskShell`; all others get nothing.
 */
'use strict';

const { contextBridge, ipcRenderer, webUtils } = require('electron');

/** A value that the main process appended to the command line. @param {string} name */
const argument = (name) => {
  const word = process.argv.find((one) => one.startsWith(`--${name}=`));
  return word ? word.slice(name.length + 3) : '';
};

/**
 * Subscribe to a channel from the main process; returns the unsubscribe function.
 * @param {string} channel
 * @param {(value: any) => void} callback
 */
function subscribe(channel, callback) {
  if (typeof callback !== 'function') throw new TypeError('A function is needed.');
  /** @param {unknown} _event @param {unknown} value */
  const listener = (_event, value) => callback(value);
  ipcRenderer.on(channel, listener);
  return () => { ipcRenderer.removeListener(channel, listener); };
}

/** @param {unknown} value */
const word = (value) => (value === undefined || value === null ? '' : String(value));

/** @type {Set<(paths: string[]) => void>} */
const dropListeners = new Set();

/** The file being dragged out of the window: dropped back on it, it must not be opened. */
let draggedOut = '';

/**
 * The paths come from the drop itself: a page cannot invent one.
 * @param {DragEvent} event
 */
function onDrop(event) {
  if (!hasFiles(event)) return;
  event.preventDefault();
  const files = (event.dataTransfer ? Array.from(event.dataTransfer.files) : []).filter(({ name }) => name !== draggedOut);
  const paths = files.map((file) => webUtils.getPathForFile(file)).filter(Boolean);
  if (paths.length) dropListeners.forEach((callback) => callback(paths));
}

/**
 * Without this the window would navigate to a file dropped on it.
 * @param {DragEvent} event
 */
function onDragOver(event) {
  if (hasFiles(event)) event.preventDefault();
}

/** @param {DragEvent} event */
const hasFiles = (event) => Boolean(event.dataTransfer) && Array.from(event.dataTransfer?.types || []).includes('Files');

/**
 * Subscribe to a channel for pages that may subscribe late: messages that arrive before the first
 * listener are kept and delivered to it once.
 * @param {string} channel
 */
function mailbox(channel) {
  /** @type {Map<string, any[]>} */
  const waiting = new Map();
  /** @type {Map<string, Set<(...values: any[]) => void>>} */
  const listeners = new Map();
  ipcRenderer.on(channel, (_event, name, ...values) => {
    const all = listeners.get(name);
    if (all && all.size) all.forEach((callback) => callback(...values));
    else waiting.set(name, values);
  });
  /** @param {string} name @param {(...values: any[]) => void} callback */
  return (name, callback) => {
    if (typeof callback !== 'function') throw new TypeError('A function is needed.');
    const all = listeners.get(name) || new Set();
    listeners.set(name, all.add(callback));
    const values = waiting.get(name);
    waiting.delete(name);
    if (values) Promise.resolve().then(() => callback(...values));
    return () => { all.delete(callback); };
  };
}

/**
 * Functions that an app enables in its table; policy/bridge.js has the list.
 * @type {Record<string, () => Record<string, Function>>}
 */
const SETS = {
  folders: () => {
    const opened = mailbox('djdesk:folder-opened');
    return {
      chooseFolder: () => ipcRenderer.invoke('djdesk:choose-folder'),
      /** @param {(paths: string[]) => void} callback */
      onFolderDropped: (callback) => {
        if (typeof callback !== 'function') throw new TypeError('A function is needed.');
        // Dropped on the window, or on the Dock icon of macOS.
        const end = opened('', (folder) => callback([folder]));
        dropListeners.add(callback);
        return () => { dropListeners.delete(callback); end(); };
      },
    };
  },
  files: () => {
    const opened = mailbox('djdesk:file-opened');
    return {
      /** @param {{extensions?: string[], multiple?: boolean}} [how] */
      chooseFiles: (how) => ipcRenderer.invoke('djdesk:choose-files', {
        extensions: Array.from((how && how.extensions) || [], word).slice(0, 50),
        multiple: Boolean(how && how.multiple),
      }),
      /** @param {(path: string) => void} callback */
      onFileOpened: (callback) => opened('', callback),
    };
  },
  exports: () => ({
    /** @param {string} name */
    showExport: (name) => ipcRenderer.invoke('djdesk:show-export', word(name).slice(0, 200)),
    /** @param {string} name */
    dragExport: (name) => {
      draggedOut = word(name).slice(0, 200);
      return ipcRenderer.invoke('djdesk:drag-export', draggedOut);
    },
  }),
  recent: () => ({
    /** @param {{label: string, path: string, folder?: string}[]} entries the newest first */
    setRecent: (entries) => ipcRenderer.invoke('djdesk:set-recent', Array.from(entries || []).slice(0, 12).map((one) => ({
      label: word(one && one.label).slice(0, 200),
      path: word(one && one.path),
      folder: word(one && one.folder),
    }))),
  }),
};

function exposeApp() {
  const sets = argument('app-bridge').split(',').filter((name) => Object.prototype.hasOwnProperty.call(SETS, name));
  // Otherwise the page's own drop zones keep working.
  if (sets.includes('folders')) {
    window.addEventListener('dragover', onDragOver, true);
    window.addEventListener('drop', onDrop, true);
  }
  const menu = mailbox('djdesk:menu');
  // After a sleep: code that holds a connection open has to reconnect.
  ipcRenderer.on('djdesk:resume', () => { window.dispatchEvent(new CustomEvent('djdesk:resume')); });
  givePrompt();
  contextBridge.exposeInMainWorld('djdesk', {
    shell: 'electron',
    platform: process.platform,
    version: argument('app-version'),
    /** @param {string} message @param {() => void} callback */
    onMenu: (message, callback) => menu(word(message), callback),
    /** @param {{title?: string, body?: string, path?: string}} note */
    notify: (note) => ipcRenderer.invoke('djdesk:notify', {
      title: word(note && note.title).slice(0, 200),
      body: word(note && note.body).slice(0, 1000),
      path: word(note && note.path),
    }),
    /** @param {string} url */
    openExternal: (url) => ipcRenderer.invoke('djdesk:open-external', word(url)),
    openDataFolder: () => ipcRenderer.invoke('djdesk:open-data-folder'),
    openLogs: () => ipcRenderer.invoke('djdesk:open-logs'),
    /** @param {string} theme */
    setTheme: (theme) => ipcRenderer.invoke('djdesk:set-theme', word(theme)),
    /** @param {string} language */
    setLanguage: (language) => ipcRenderer.invoke('djdesk:set-language', word(language)),
    updates: {
      state: () => ipcRenderer.invoke('djdesk:update-state'),
      /** @param {string} action @param {string} [value] */
      act: (action, value) => ipcRenderer.invoke('djdesk:update', word(action), word(value).slice(0, 100)),
      /** @param {(state: object) => void} callback */
      onChange: (callback) => subscribe('djdesk:update-changed', callback),
    },
    ...Object.assign({}, ...sets.map((name) => SETS[name]())),
  });
}

/** Electron has no prompt(). Like a browser's, this one blocks the page until it is answered. */
function givePrompt() {
  /** @param {unknown} message @param {unknown} value @returns {string | null} */
  const ask = (message, value) => ipcRenderer.sendSync('djdesk:prompt', word(message).slice(0, 4000), word(value).slice(0, 4000));
  contextBridge.executeInMainWorld({
    func: (/** @type {typeof ask} */ question) => {
      window.prompt = (message = '', value = '') => question(String(message), String(value));
    },
    args: [ask],
  });
}

function exposeShell() {
  contextBridge.exposeInMainWorld('djdeskShell', {
    /** @param {(state: object) => void} callback */
    onState: (callback) => subscribe('djdesk-shell:state', callback),
    getState: () => ipcRenderer.invoke('djdesk-shell:get-state'),
    retry: () => ipcRenderer.invoke('djdesk-shell:retry'),
    openLogs: () => ipcRenderer.invoke('djdesk-shell:open-logs'),
    copyDiagnostics: () => ipcRenderer.invoke('djdesk-shell:copy-diagnostics'),
    exportDiagnostics: () => ipcRenderer.invoke('djdesk-shell:export-diagnostics'),
    listBackups: () => ipcRenderer.invoke('djdesk-shell:list-backups'),
    /** @param {string} name */
    restoreBackup: (name) => ipcRenderer.invoke('djdesk-shell:restore-backup', word(name)),
    startSafely: () => ipcRenderer.invoke('djdesk-shell:start-safely'),
    quit: () => ipcRenderer.invoke('djdesk-shell:quit'),
    quitNow: () => ipcRenderer.invoke('djdesk-shell:quit-now'),
    hideTrouble: () => ipcRenderer.invoke('djdesk-shell:hide-trouble'),
    endServer: () => ipcRenderer.invoke('djdesk-shell:end-server'),
  });
}

function exposeHang() {
  contextBridge.exposeInMainWorld('djdeskHang', {
    wait: () => ipcRenderer.invoke('djdesk-hang:wait'),
    reload: () => ipcRenderer.invoke('djdesk-hang:reload'),
  });
}

function exposePrompt() {
  contextBridge.exposeInMainWorld('djdeskPrompt', {
    /** @param {string | null} value */
    answer: (value) => ipcRenderer.invoke('djdesk-prompt:answer', value === null ? null : word(value)),
  });
}

function exposeNotice() {
  contextBridge.exposeInMainWorld('djdeskNotice', { close: () => ipcRenderer.invoke('djdesk-notice:close') });
}

function exposeFind() {
  contextBridge.exposeInMainWorld('djdeskFind', {
    /** @param {string} words @param {{forward: boolean, first: boolean}} how */
    search: (words, how) => ipcRenderer.invoke('djdesk-find:search', word(words).slice(0, 1000), {
      forward: Boolean(how && how.forward),
      first: Boolean(how && how.first),
    }),
    close: () => ipcRenderer.invoke('djdesk-find:close'),
    /** @param {(result: {current: number, total: number}) => void} callback */
    onResult: (callback) => subscribe('djdesk-find:result', callback),
    /** @param {() => void} callback */
    onFocus: (callback) => subscribe('djdesk-find:focus', () => callback()),
  });
}

if (location.protocol === 'app:' && location.host === 'shell') {
  if (location.pathname === '/find.html') exposeFind();
  else if (location.pathname === '/hung.html') exposeHang();
  else if (location.pathname === '/prompt.html') exposePrompt();
  else if (location.pathname === '/notice.html') exposeNotice();
  else exposeShell();
} else if (location.protocol === 'http:' && location.hostname === '127.0.0.1') {
  exposeApp();
}
