import { app } from 'electron';

import { decideFrameNavigation, decideNavigation } from '../policy/navigation.js';
import { openExternalLink } from './external.js';

/**
 * Every document this process ever makes goes through here, so that none can be forgotten.
 * @param {import('../backend/runtime.js').Runtime} runtime
 */
export function setupGuards({ supervisor, logs }) {
  const origin = () => (supervisor.backend ? supervisor.backend.origin : null);

  app.on('web-contents-created', (_created, contents) => {
    const guard = (/** @type {{preventDefault: () => void}} */ event, /** @type {string} */ to) => {
      const verdict = decideNavigation({ to, from: contents.getURL(), origin: origin() });
      if (verdict === 'allow') return;
      event.preventDefault();
      logs.write('shell', `navigation refused: ${to.slice(0, 200)}`);
      if (verdict === 'external') openExternalLink(to);
    };
    contents.on('will-navigate', (event, url) => guard(event, url));
    contents.on('will-redirect', (event, url, _inPlace, isMainFrame) => {
      if (isMainFrame) guard(event, url);
      else if (decideFrameNavigation({ to: url, origin: origin() }) === 'deny') event.preventDefault();
    });
    contents.on('will-frame-navigate', (event) => {
      if (event.isMainFrame || decideFrameNavigation({ to: event.url, origin: origin() }) === 'allow') return;
      event.preventDefault();
      logs.write('shell', `frame refused: ${event.url.slice(0, 200)}`);
    });
    contents.setWindowOpenHandler(({ url }) => {
      // One window. A link of ours that asks for another is not followed; links to the web go out.
      if (decideNavigation({ to: url, from: contents.getURL(), origin: origin() }) === 'external') openExternalLink(url);
      return { action: 'deny' };
    });
    contents.on('will-attach-webview', (event) => event.preventDefault());
  });
}
