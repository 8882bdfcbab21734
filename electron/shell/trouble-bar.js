import { barHeight } from '../policy/bars.js';
import { Overlay } from './overlay.js';

/**
 * A bar above the page that says why the app does not answer: requests that occupy all threads, a
 * server that computes, a locked database. It blocks nothing, and offers to end the server if that
 * helps.
 * @typedef {{hide: () => void}} TroubleBar
 *
 * @param {import('../backend/runtime.js').Runtime} runtime
 * @param {{main: import('./window.js').MainWindow, screen: import('./screen.js').ScreenType}} parts
 * @returns {TroubleBar}
 */
export function setupTroubleBar({ supervisor }, { main, screen }) {
  const bar = new Overlay(main, 'trouble.html', ({ width }) => ({ x: 0, y: 0, width, height: barHeight(width) }));
  /** Hidden by the user until the next problem. */
  let hidden = false;

  const follow = () => {
    const { state, trouble, worker } = supervisor.status();
    if (state !== 'ready' || (!trouble && !worker.waiting)) {
      hidden = false;
      bar.hide();
      return;
    }
    if (hidden) return;
    bar.show();
    const { contents } = bar;
    if (contents && !contents.isDestroyed()) contents.send('djdesk-shell:state', screen.shown());
  };
  for (const event of ['state', 'trouble', 'worker']) supervisor.on(event, follow);

  return {
    hide: () => {
      hidden = true;
      bar.hide();
    },
  };
}
