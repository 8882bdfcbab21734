/**
 * The parts of a current Electron's main-process API that this shell uses and an older one (tested: 22)
 * lacks. Each names the version that added it, and is used only if missing. Development and tests only. Not
 * type-checked, because the types are those of the current version.
 */
// @ts-nocheck
'use strict';

const electron = require('electron');

const { app, BrowserView, BrowserWindow } = electron;
/** Overrides; the rest is passed through at the end. */
const modern = {};

/** webContents.navigationHistory (32). URLs are recorded as they are committed: 22 does not expose them. */
function historyOf(contents) {
  const urls = [];
  const note = (url) => {
    urls.length = contents.length();
    urls[contents.getActiveIndex()] = url;
  };
  contents.on('did-navigate', (_event, url) => note(url));
  contents.on('did-navigate-in-page', (_event, url, isMainFrame) => isMainFrame && note(url));
  return {
    length: () => contents.length(),
    getActiveIndex: () => contents.getActiveIndex(),
    goToIndex: (index) => contents.goToIndex(index),
    getEntryAtIndex: (index) => ({ url: urls[index] || '' }),
    clear: () => {
      const url = urls[contents.getActiveIndex()] || contents.getURL();
      contents.clearHistory();
      urls.length = 0;
      note(url);
    },
  };
}

app.on('web-contents-created', (_event, contents) => {
  if (!contents.navigationHistory) contents.navigationHistory = historyOf(contents);
  // 25 merged this event's arguments into one object.
  const on = contents.on.bind(contents);
  contents.on = (name, listener) => {
    if (name !== 'did-start-navigation') return on(name, listener);
    return on(name, (event, url, isSameDocument, isMainFrame) => {
      listener('isMainFrame' in event ? event : { ...event, url, isSameDocument, isMainFrame });
    });
  };
});

/**
 * WebContentsView and BaseWindow.contentView (30). Earlier versions may have an unfinished class of that
 * name.
 */
if (!electron.WebContentsView?.prototype.setBackgroundColor) {
  modern.WebContentsView = class WebContentsView {
    constructor(options) {
      this.inner = new BrowserView(options);
      const { webContents } = this.inner;
      this.webContents = webContents;
      // 22 keeps the contents of such a view alive after closing.
      webContents.close = () => webContents.destroy();
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
}

/** protocol.handle (25). */
modern.session = {
  fromPartition: (name) => {
    const session = electron.session.fromPartition(name);
    const { protocol } = session;
    if (!protocol.handle) {
      protocol.handle = (scheme, handler) => protocol.registerBufferProtocol(scheme, (request, callback) => {
        const { body, status, headers } = handler(request);
        callback({ statusCode: status, headers, mimeType: String(headers['Content-Type'] || 'text/plain').split(';')[0], charset: 'utf-8', data: body });
      });
    }
    return session;
  },
};

// Electron's own exports are lazy getters; keep them lazy.
const passed = Object.getOwnPropertyDescriptors(electron);
for (const name of Object.keys(modern)) passed[name] = { value: modern[name], enumerable: true };
module.exports = Object.create(null, passed);
