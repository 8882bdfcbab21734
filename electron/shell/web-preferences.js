import { PRELOAD } from '../paths.js';

/**
 * What every document of ours lives under. Defaults are written out: a default that changes, or
 * is changed by somebody in a hurry, should show in a diff.
 * @param {Electron.Session} session
 * @param {import('../app.js').App} app
 * @returns {Electron.WebPreferences}
 */
export const webPreferences = (session, app) => ({
  session,
  preload: PRELOAD,
  // What the preload tells the page, and which functions it gives to it.
  additionalArguments: [`--app-version=${app.version}`, `--app-bridge=${app.bridge.join(',')}`],
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webSecurity: true,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
  webviewTag: false,
  // Chromium's own viewer of PDF files; there are no other plugins.
  plugins: true,
  navigateOnDragDrop: false,
  // Chromium would fetch dictionaries from a server of its maker's.
  spellcheck: false,
});
