import { PRELOAD } from '../paths.js';

/**
 * Preferences for all our documents. Defaults are spelled out, so that a changed default or a
 * careless edit shows in a diff.
 * @param {Electron.Session} session
 * @param {import('../app.js').App} app
 * @returns {Electron.WebPreferences}
 */
export const webPreferences = (session, app) => ({
  session,
  preload: PRELOAD,
  // Tells the preload what to expose to the page.
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
  // Chromium's PDF viewer; there are no other plugins.
  plugins: true,
  navigateOnDragDrop: false,
  // Chromium would download dictionaries from its maker's servers.
  spellcheck: false,
});
