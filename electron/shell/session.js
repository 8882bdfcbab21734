import { session as sessions, webContents } from 'electron';

import { TOKEN_HEADER } from '../backend/contract.js';
import { originOf } from '../policy/origin.js';
import { decidePermission } from '../policy/permissions.js';
import { mayCarryToken, mayRequest } from '../policy/requests.js';
import { t } from '../locale/current.js';
import { setupDownloads } from './downloads.js';
import { showNotice } from './notices.js';
import { isOwnContents } from './own-contents.js';

/**
 * Our own session: the only one that has the token, and it can reach only our server.
 * @param {import('../backend/runtime.js').Runtime} runtime
 * @returns {Electron.Session}
 */
export function setupSession(runtime) {
  const { app, supervisor, logs } = runtime;
  const session = sessions.fromPartition(`persist:${app.slug}`);
  // Read for each request: a restarted server has another token.
  const origin = () => (supervisor.backend ? supervisor.backend.origin : null);
  /** The app's last origin. A page that uses it while the server restarts does nothing wrong. */
  let latest = origin() || '';
  supervisor.on('ready', (backend) => { latest = backend.origin; });

  // Developer tools share the session of the page they inspect, and are under the user's control.
  const alone = () => webContents.getAllWebContents().every((contents) =>
    contents.session !== session || isOwnContents(contents.id) || contents.getURL().startsWith('devtools://'));

  session.setProxy({ mode: 'direct' });
  fetchNoDictionary(session);

  /** Missing details that have been logged once. @type {Set<string>} */
  const shown = new Set();
  session.webRequest.onBeforeRequest((details, callback) => {
    const cancel = !mayRequest({ url: details.url, origin: origin() });
    if (cancel && !(origin() === null && originOf(details.url) === latest)) {
      logs.write('shell', `request refused: ${details.url.slice(0, 200)}`);
      const host = originOf(details.url);
      const asking = details.webContentsId === undefined ? null : webContents.fromId(details.webContentsId) || null;
      if (host && asking && !shown.has(host)) {
        shown.add(host);
        showNotice(asking, t('This page tried to load something from {host}. {app} loads nothing from the network.', { host }));
      }
    }
    callback({ cancel });
  });

  session.webRequest.onBeforeSendHeaders((details, callback) => {
    const { backend } = supervisor;
    const carries = backend && mayCarryToken({
      url: details.url,
      origin: backend.origin,
      window: details.webContentsId === undefined ? 'unknown' : isOwnContents(details.webContentsId) ? 'own' : 'foreign',
      alone: alone(),
      document: details.resourceType === 'mainFrame' || details.resourceType === 'subFrame',
      initiator: details.initiatorOrigin || null,
      frameUrl: details.frame ? details.frame.url : null,
    });
    callback({
      requestHeaders: carries ? { ...details.requestHeaders, [TOKEN_HEADER]: backend.token } : details.requestHeaders,
    });
  });

  const allowed = app.pages.permissions;
  session.setPermissionRequestHandler((contents, permission, callback, details) => {
    const granted = decidePermission({
      permission, requester: details.requestingUrl, mainFrame: details.isMainFrame, origin: origin(), allowed,
    });
    if (!granted) {
      logs.write('shell', `permission refused: ${permission}`);
      showNotice(contents, t('This page asked for a permission that {app} does not use: {permission}.', { permission }));
    }
    callback(granted);
  });
  session.setPermissionCheckHandler((_contents, permission, requester, details) =>
    decidePermission({ permission, requester, mainFrame: details.isMainFrame, origin: origin(), allowed }));
  // Our pages use no devices.
  session.setDevicePermissionHandler(() => false);
  setupDownloads(runtime, session);
  return session;
}

/**
 * Stops Chromium from fetching a spelling dictionary from Google's servers for every session.
 * @param {Electron.Session} session
 */
export function fetchNoDictionary(session) {
  session.setSpellCheckerLanguages([]);
}
