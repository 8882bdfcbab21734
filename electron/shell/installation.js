import { app } from 'electron';

import { checkInstallation, expectedBackend, installationFailure } from '../backend/installation.js';
import { ROOT } from '../paths.js';

/** The first page has the disk to itself. */
const AFTER_START_MS = 2000;
/** A start that takes this long may be one that a missing file holds up. */
const LATEST_MS = 8000;

/**
 * Checks the packaged Python side once, when the start is over, so that it costs the start nothing;
 * a start that failed, or does not end, gets the true reason instead of what Python made of a missing file.
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
  supervisor.once('ready', () => setTimeout(check, AFTER_START_MS).unref());
  supervisor.once('failed', check);
  setTimeout(check, LATEST_MS).unref();
}
