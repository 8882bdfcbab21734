/** webUtils came with Electron 29; before 32 a dropped File had its path on it. */
'use strict';

const { contextBridge, ipcRenderer, webUtils } = require('electron');

module.exports = {
  contextBridge,
  ipcRenderer,
  webUtils: webUtils || { getPathForFile: (/** @type {any} */ file) => file.path || '' },
};
