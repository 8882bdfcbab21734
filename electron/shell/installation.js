import { app } from 'electron';

import { checkInstallation, expectedBackend, installationFailure } from '../backend/installation.js';
import { ROOT } from '../paths.js';

/**
 * Checks the packaged Python side once, when the start is over, so that it costs the start nothing;
 * a start that failed gets the true reason instead of what Python made of a missing file.
 * @param {import('../backend/runtime.js').Runtime} runtime
 * @param {import('./screen.js').ScreenType} screen
 */
export function setupInstallationCheck({ supervisor, logs }, screen) {
  const expected = app.isPackaged ? expectedBackend(ROOT) : null;
  if (!expected) return;
  let done = false;
  const check = async () => {
    if (done) return;
    done = true;
    const begun = Date.now();
    const wrong = await checkInstallation(process.resourcesPath, expected);
    logs.write('shell', wrong.length
      ? `installation damaged: ${wrong.join('; ')}`
      : `installation whole: ${expected.files} files in ${Date.now() - begun} ms`);
    if (wrong.length) screen.fail(installationFailure(wrong));
  };
  supervisor.once('ready', check);
  supervisor.once('failed', check);
}
