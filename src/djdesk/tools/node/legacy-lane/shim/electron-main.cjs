/**
 * The main-process API of a current Electron on top of Electron 9, as far as this shell uses it.
 * Each piece names the version that brought it. Development and tests only; the types are those of
 * the current version, which is the very thing the old one does not have, so this file is not checked.
 */
// @ts-nocheck
'use strict';

const electron = require('electron');

const { app, BrowserView, BrowserWindow, ipcMain } = electron;
/** What differs; the rest is passed through at the end. */
const modern = {};

/** WebFrameMain of an event (15): only the top frame can be told there, by its frame id. */
function withSenderFrame(event) {
  const { sender, frameId } = event;
  const top = frameId === undefined || frameId === sender.mainFrameId || !('mainFrameId' in sender);
  Object.defineProperty(event, 'senderFrame', {
    configurable: true,
    value: { url: sender.committedUrl || '', parent: top ? null : {} },
  });
  return event;
}
modern.ipcMain = {
  handle: (channel, answer) => ipcMain.handle(channel, (event, ...args) => answer(withSenderFrame(event), ...args)),
};

// 11 made one event of all the processes of Chromium's own.
app.on('gpu-process-crashed', (event, killed) => app.emit('child-process-gone', event, { type: 'GPU', reason: killed ? 'killed' : 'crashed' }));

/** Things that every web contents has by now. */
app.on('web-contents-created', (_event, contents) => {
  const commit = (_navigated, url) => { contents.committedUrl = url; };
  contents.on('did-navigate', commit);
  contents.on('did-navigate-in-page', (event, url, isMainFrame) => isMainFrame && commit(event, url));
  // 12
  contents.setWindowOpenHandler = (handler) => {
    contents.removeAllListeners('new-window');
    contents.on('new-window', (event, url) => {
      if (handler({ url }).action !== 'allow') event.preventDefault();
    });
  };
  // 32
  contents.navigationHistory = {
    length: () => contents.history.length,
    getActiveIndex: () => contents.currentIndex,
    goToIndex: (index) => contents.goToIndex(index),
    getEntryAtIndex: (index) => ({ url: contents.history[index] }),
    // clearHistory() forgets the current entry too, and then neither its address nor reload() works.
    clear: () => {
      contents.history = [contents.history[contents.currentIndex]];
      contents.currentIndex = 0;
    },
  };
  // 13, as an object with details 25
  contents.isLoadingMainFrame = contents.isLoadingMainFrame || contents.isLoading;
  const on = contents.on.bind(contents);
  contents.on = (name, listener) => {
    if (name === 'did-start-navigation') {
      return on(name, (event, url, isSameDocument, isMainFrame) => listener({ ...event, url, isSameDocument, isMainFrame }));
    }
    return on(name, listener);
  };
  // 14 turned the meaning of findNext round: true now begins a search.
  const findInPage = contents.findInPage.bind(contents);
  contents.findInPage = (text, options = {}) => findInPage(text, { ...options, findNext: !options.findNext });
  contents.close = contents.close || (() => contents.destroy());
  // 12
  contents.forcefullyCrashRenderer = contents.forcefullyCrashRenderer || (() => process.kill(contents.getOSProcessId(), 'SIGKILL'));
});

/** WebContentsView and BaseWindow.contentView (30). */
modern.WebContentsView = class WebContentsView {
  constructor(options) {
    this.inner = new BrowserView(options);
    this.webContents = this.inner.webContents;
    this.webContents.close = () => this.inner.destroy();
  }

  setBackgroundColor(colour) {
    this.inner.setBackgroundColor(colour);
  }

  setBounds(bounds) {
    this.inner.setBounds(bounds);
  }
};
Object.defineProperty(BrowserWindow.prototype, 'contentView', {
  get() {
    return {
      addChildView: (view) => this.addBrowserView(view.inner),
      removeChildView: (view) => this.removeBrowserView(view.inner),
    };
  },
});

/** protocol.handle (25), device permissions (16), proxy mode (16). */
modern.session = {
  fromPartition: (name) => {
    const session = electron.session.fromPartition(name);
    const { protocol } = session;
    protocol.handle = (scheme, handler) => protocol.registerBufferProtocol(scheme, (request, callback) => {
      const { body, status, headers } = handler(request);
      callback({ statusCode: status, headers, mimeType: String(headers['Content-Type'] || 'text/plain').split(';')[0], charset: 'utf-8', data: body });
    });
    session.setDevicePermissionHandler = session.setDevicePermissionHandler || (() => {});
    const setProxy = session.setProxy.bind(session);
    session.setProxy = ({ mode, ...config }) => setProxy(mode === 'direct' ? { proxyRules: 'direct://' } : config);
    return session;
  },
};

// Electron's own names are getters that load a module when asked; they stay lazy.
const passed = Object.getOwnPropertyDescriptors(electron);
for (const name of Object.keys(modern)) passed[name] = { value: modern[name], enumerable: true };
module.exports = Object.create(null, passed);
