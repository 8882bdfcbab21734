import { app } from 'electron';

import { t } from '../locale/current.js';
import { decideFrameNavigation, decideNavigation, decideNewWindow } from '../policy/navigation.js';
import { openExternalLink } from './external.js';
import { showNotice } from './notices.js';
import { adoptWindow, childOptions } from './windows.js';

const LONGEST = 200;

/**
 * Every document that this process creates passes through here, so that none is missed.
 * @param {import('../backend/runtime.js').Runtime} runtime
 * @param {Electron.Session} session
 */
export function setupGuards({ app: about, supervisor, logs }, session) {
  const origin = () => (supervisor.backend ? supervisor.backend.origin : null);

  app.on('web-contents-created', (_created, contents) => {
    const refuse = (/** @type {string} */ what, /** @type {string} */ to) => {
      logs.write('shell', `${what} refused: ${to.slice(0, LONGEST)}`);
      showNotice(contents, t('{app} does not open addresses outside the app: {address}', { address: to.slice(0, LONGEST) }));
    };
    const guard = (/** @type {{preventDefault: () => void}} */ event, /** @type {string} */ to) => {
      const verdict = decideNavigation({ to, from: contents.getURL(), origin: origin() });
      if (verdict === 'allow') return;
      event.preventDefault();
      if (verdict === 'external') openOutside(to);
      else refuse('navigation', to);
    };
    const openOutside = (/** @type {string} */ to) => {
      logs.write('shell', `opened outside: ${to.slice(0, LONGEST)}`);
      openExternalLink(to).then((opened) => { if (!opened) refuse('link', to); });
    };
    contents.on('will-navigate', (event, url) => guard(event, url));
    contents.on('will-redirect', (event, url, _inPlace, isMainFrame) => {
      if (isMainFrame) guard(event, url);
      else if (decideFrameNavigation({ to: url, origin: origin() }) === 'deny') event.preventDefault();
    });
    contents.on('will-frame-navigate', (event) => {
      if (event.isMainFrame || decideFrameNavigation({ to: event.url, origin: origin() }) === 'allow') return;
      event.preventDefault();
      refuse('frame', event.url);
    });
    contents.setWindowOpenHandler(({ url }) => {
      const verdict = decideNewWindow({ to: url, from: contents.getURL(), origin: origin(), newWindows: about.pages.newWindows });
      if (verdict === 'allow') return { action: 'allow', overrideBrowserWindowOptions: childOptions(session, about) };
      if (verdict === 'external') openOutside(url);
      else refuse('window', url);
      return { action: 'deny' };
    });
    contents.on('did-create-window', (window) => adoptWindow(window, logs));
    contents.on('will-attach-webview', (event) => event.preventDefault());
  });
}
