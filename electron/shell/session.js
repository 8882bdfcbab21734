import { session as sessions, webContents } from 'electron';

import { TOKEN_HEADER } from '../backend/contract.js';
import { decidePermission } from '../policy/permissions.js';
import { mayCarryToken, mayRequest } from '../policy/requests.js';
import { setupDownloads } from './downloads.js';
import { isOwnContents } from './own-contents.js';

/**
 * Our own session: the only one that knows the token, and one that reaches nothing but our server.
 * @param {import('../backend/runtime.js').Runtime} runtime
 * @returns {Electron.Session}
 */
export function setupSession(runtime) {
  const { app, supervisor, logs } = runtime;
  const session = sessions.fromPartition(`persist:${app.slug}`);
  // Read at the time of each request: a restarted server has another token.
  const origin = () => (supervisor.backend ? supervisor.backend.origin : null);

  // Developer tools live in the session of what they look at, and are the user's own.
  const alone = () => webContents.getAllWebContents().every((contents) =>
    contents.session !== session || isOwnContents(contents.id) || contents.getURL().startsWith('devtools://'));

  session.setProxy({ mode: 'direct' });

  session.webRequest.onBeforeRequest((details, callback) => {
    const cancel = !mayRequest({ url: details.url, origin: origin() });
    if (cancel) logs.write('shell', `request refused: ${details.url.slice(0, 200)}`);
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

  session.setPermissionRequestHandler((_contents, permission, callback, details) => {
    callback(decidePermission({
      permission, requester: details.requestingUrl, mainFrame: details.isMainFrame, origin: origin(),
    }));
  });
  session.setPermissionCheckHandler((_contents, permission, requester, details) =>
    decidePermission({ permission, requester, mainFrame: details.isMainFrame, origin: origin() }));
  // No page of ours talks to a device.
  session.setDevicePermissionHandler(() => false);
  setupDownloads(runtime, session);
  return session;
}
