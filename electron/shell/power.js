import { powerMonitor, powerSaveBlocker } from 'electron';

/**
 * Power management: a running task keeps the computer awake if the user wants that, and time asleep
 * does not count towards any timeout.
 * @typedef {{keepAwake: () => boolean, setKeepAwake: (wanted: boolean) => void}} Power
 *
 * @param {import('../backend/runtime.js').Runtime} runtime
 * @param {{screen: import('./screen.js').ScreenType}} parts
 * @returns {Power}
 */
export function setupPower({ supervisor, state, logs }, { screen }) {
  let wanted = state.read().keepAwake;
  /** @type {number | null} */
  let blocker = null;

  const follow = () => {
    const needed = wanted && supervisor.worker.status.busy;
    if (needed && blocker === null) {
      blocker = powerSaveBlocker.start('prevent-app-suspension');
      logs.write('shell', 'work began: the computer is kept awake');
    } else if (!needed && blocker !== null) {
      powerSaveBlocker.stop(blocker);
      blocker = null;
      logs.write('shell', 'the computer may sleep again');
    }
  };
  supervisor.on('worker', follow);

  powerMonitor.on('suspend', () => supervisor.suspend());
  powerMonitor.on('resume', () => {
    supervisor.resume();
    screen.resumed();
  });

  return {
    keepAwake: () => wanted,
    setKeepAwake: (value) => {
      wanted = value;
      state.update({ keepAwake: value });
      follow();
    },
  };
}
