/** The preload API of a current Electron that an older one lacks. Development and tests only. */
'use strict';

const { contextBridge, ipcRenderer, webFrame, webUtils } = require('electron');

/** contextBridge.executeInMainWorld (35). The arguments are passed by a global name in the page. */
function executeInMainWorld(/** @type {{func: (...args: any[]) => any, args?: any[]}} */ { func, args = [] }) {
  contextBridge.exposeInMainWorld('executeInMainWorldArguments', args);
  webFrame.executeJavaScript(`(${func})(...window.executeInMainWorldArguments)`);
}

module.exports = {
  contextBridge: { ...contextBridge, executeInMainWorld: /** @type {any} */ (contextBridge).executeInMainWorld || executeInMainWorld },
  ipcRenderer,
  // 29; before 32 a dropped File had a path property.
  webUtils: webUtils || { getPathForFile: (/** @type {any} */ file) => file.path || '' },
};
