import { app } from 'electron';

import { checkInstallation, expectedBackend, installationFailure } from '../backend/installation.js';
import { ROOT } from '../paths.js';

/** The first page should have the disk to itself. */
const AFTER_START_MS = 2000;
/** A start that takes this long may be waiting for a missing file. */
const LATEST_MS = 8000;

/**
 * Checks the packaged Python side once the start is over, so that it does not slow the start. A
 * start that failed or does not end is explained by the damage found, not by Python's error about a
 * missing file.
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
