import { PRELOAD } from '../paths.js';

/**
 * What every document of ours lives under. Defaults are written out: a default that changes, or
 * is changed by somebody in a hurry, should show in a diff.
 * @param {Electron.Session} session
 * @param {string} version of the app, told to the page
 * @returns {Electron.WebPreferences}
 */
export const webPreferences = (session, version) => ({
  session,
  preload: PRELOAD,
  additionalArguments: [`--app-version=${version}`],
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webSecurity: true,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
  webviewTag: false,
  navigateOnDragDrop: false,
  // Chromium would fetch dictionaries from a server of its maker's.
  spellcheck: false,
});
