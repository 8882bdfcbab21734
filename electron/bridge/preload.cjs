/**
 * The contract with the pages: one named function for each message, never ipcRenderer, never an
 * event. The app's pages get `djdesk`; the shell's own get `djdeskShell`; any other page nothing.
 */
'use strict';

const { contextBridge, ipcRenderer, webUtils } = require('electron');

const argument = process.argv.find((word) => word.startsWith('--app-version='));
const version = argument ? argument.slice('--app-version='.length) : '';

/**
 * A subscription to a channel from the main process, with its end.
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

/**
 * The paths come from the drop itself, here: a page cannot make one up.
 * @param {DragEvent} event
 */
function onDrop(event) {
  if (!hasFiles(event)) return;
  event.preventDefault();
  const files = event.dataTransfer ? Array.from(event.dataTransfer.files) : [];
  const paths = files.map((file) => webUtils.getPathForFile(file)).filter(Boolean);
  if (paths.length) dropListeners.forEach((callback) => callback(paths));
}

/**
 * Without this the window would go to the file that is dropped on it.
 * @param {DragEvent} event
 */
function onDragOver(event) {
  if (hasFiles(event)) event.preventDefault();
}

/** @param {DragEvent} event */
const hasFiles = (event) => Boolean(event.dataTransfer) && Array.from(event.dataTransfer?.types || []).includes('Files');

/** A folder from the menu that came before the page asked for it. @type {string | null} */
let waitingFolder = null;
let folderListeners = 0;

function exposeApp() {
  window.addEventListener('dragover', onDragOver, true);
  window.addEventListener('drop', onDrop, true);
  ipcRenderer.on('djdesk:open-folder', (_event, folder) => {
    if (folderListeners === 0) waitingFolder = folder;
  });
  // The computer was asleep: whoever holds a connection open makes a new one.
  ipcRenderer.on('djdesk:resume', () => { window.dispatchEvent(new CustomEvent('djdesk:resume')); });
  contextBridge.exposeInMainWorld('djdesk', {
    shell: 'electron',
    platform: process.platform,
    version,
    chooseFolder: () => ipcRenderer.invoke('djdesk:choose-folder'),
    /** @param {(paths: string[]) => void} callback */
    onFolderDropped: (callback) => {
      if (typeof callback !== 'function') throw new TypeError('A function is needed.');
      dropListeners.add(callback);
      return () => { dropListeners.delete(callback); };
    },
    /** @param {(folder: string) => void} callback */
    onOpenFolder: (callback) => {
      const end = subscribe('djdesk:open-folder', callback);
      folderListeners += 1;
      const folder = waitingFolder;
      waitingFolder = null;
      if (folder !== null) Promise.resolve().then(() => callback(folder));
      let ended = false;
      return () => {
        if (ended) return;
        ended = true;
        folderListeners -= 1;
        end();
      };
    },
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
    /** @param {string} name */
    showExport: (name) => ipcRenderer.invoke('djdesk:show-export', word(name).slice(0, 200)),
    /** @param {string} theme */
    setTheme: (theme) => ipcRenderer.invoke('djdesk:set-theme', word(theme)),
    /** @param {string} language */
    setLanguage: (language) => ipcRenderer.invoke('djdesk:set-language', word(language)),
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
  });
}

function exposeHang() {
  contextBridge.exposeInMainWorld('djdeskHang', {
    wait: () => ipcRenderer.invoke('djdesk-hang:wait'),
    reload: () => ipcRenderer.invoke('djdesk-hang:reload'),
  });
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
  else exposeShell();
} else if (location.protocol === 'http:' && location.hostname === '127.0.0.1') {
  exposeApp();
}
