import { app, BrowserWindow } from 'electron';

import { confirmUpdate } from '../backend/confirm-update.js';
import { checkInstallation, expectedBackend, installationFailure } from '../backend/installation.js';
import { tell } from '../backend/terminal.js';
import { say, withMessages } from '../locale/messages.js';
import { ROOT } from '../paths.js';
import { saysOfPage } from '../policy/trial.js';
import { followParent } from './lifecycle.js';
import { registerOwnContents } from './own-contents.js';
import { setupSession } from './session.js';
import { webPreferences } from './web-preferences.js';

/**
 * `--rehearse`: this version proves on a copy of the user's data that it works: its files are
 * intact, it migrates, starts its server and worker, loads its first page, and runs a task. No
 * window is shown. Exits with 0, or with 1 and a line with the reason (docs/update-contract.md).
 * @param {import('../backend/runtime.js').Runtime} runtime
 */
export async function rehearse(runtime) {
  const { supervisor } = runtime;
  let ended = false;
  /** @param {{reason: import('../locale/messages.js').Text, hint?: import('../locale/messages.js').Text} | null} failure */
  const end = async (failure) => {
    if (ended) return;
    ended = true;
    if (failure) tell(1, `${JSON.stringify(withMessages({ event: 'failed', reason: failure.reason, hint: failure.hint || '' }))}\n`);
    await supervisor.stop();
    app.exit(failure ? 1 : 0);
  };
  for (const signal of /** @type {NodeJS.Signals[]} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => end({ reason: say('It was stopped before it was finished.') }));
  }
  followParent(() => end({ reason: say('It was stopped before it was finished.') }));
  const expected = app.isPackaged ? expectedBackend(ROOT) : null;
  const wrong = expected ? await checkInstallation(process.resourcesPath, expected) : [];
  if (wrong.length) {
    await end(installationFailure(wrong));
    return;
  }
  supervisor.once('failed', end);
  // Migrating a database gets more time.
  supervisor.on('stage', ({ name }) => tell(1, `${JSON.stringify({ event: 'stage', name })}\n`));
  // In a normal start a worker gets several attempts.
  supervisor.on('worker', ({ failure }) => { if (failure) end(failure); });
  const ready = new Promise((resolve) => { supervisor.once('ready', resolve); });
  supervisor.start();
  await app.whenReady();
  const session = setupSession(runtime);
  const { origin } = await ready;
  const failed = await firstPage(runtime, session, origin);
  if (failed) {
    await end({ reason: failed });
    return;
  }
  confirmUpdate(supervisor, {
    everyMs: 250,
    onEnd: ({ confirmed, reason }) => end(confirmed ? null : { reason }),
  });
}

/**
 * @param {import('../backend/runtime.js').Runtime} runtime
 * @param {Electron.Session} session
 * @param {string} origin
 * @returns {Promise<import('../locale/messages.js').Text>} the problem, or ''
 */
function firstPage({ app: about }, session, origin) {
  const window = new BrowserWindow({ show: false, webPreferences: webPreferences(session, about) });
  registerOwnContents(window.webContents);
  return new Promise((resolve) => {
    const { webContents } = window;
    let code = 0;
    webContents.on('did-navigate', (_event, _url, answered) => { code = answered; });
    webContents.on('did-finish-load', () => {
      const works = saysOfPage({ path: new URL(webContents.getURL()).pathname, code }) !== 'fails';
      resolve(works ? '' : say('The first page answered {code}.', { code: String(code) }));
    });
    webContents.on('did-fail-load', (_event, number, description, _url, isMainFrame) => {
      // -3: replaced by another load.
      if (isMainFrame && number !== -3) resolve(say("The app's page could not be loaded ({why}).", { why: description || number }));
    });
    webContents.on('render-process-gone', (_event, { reason }) => resolve(say("The app's page could not be loaded ({why}).", { why: reason })));
    window.loadURL(`${origin}/`).catch(() => {});
  });
}
