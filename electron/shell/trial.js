import fs from 'node:fs';
import path from 'node:path';

import { app } from 'electron';

import { confirmUpdate } from '../backend/confirm-update.js';
import { replaceFile } from '../backend/held-files.js';
import { joined, say, withMessages } from '../locale/messages.js';
import { isSameOrigin } from '../policy/origin.js';
import { saysOfPage } from '../policy/trial.js';

const SIGN_MS = 2000;
/** A failed page is reloaded once. */
const AGAIN_MS = 1500;
/** A renderer that takes longer is not alive. */
const ANSWER_MS = 5000;

/**
 * Finds out whether this version works: a page of the app is shown, its process responds, and the
 * server agrees. On trial after an update, the guardian reads the result from `updates/boot.json`
 * (docs/update-contract.md).
 * @param {import('../backend/runtime.js').Runtime} runtime
 * @param {{main: import('./window.js').MainWindow, screen: import('./screen.js').ScreenType}} parts
 * @param {string} trial the update on trial, or ''
 */
export function setupTrial({ supervisor, dataDir, logs }, { main, screen }, trial) {
  const contents = main.window.webContents;
  let shown = false;
  let failures = 0;
  let over = false;
  /** @param {string} stage @param {object} [more] */
  const sign = (stage, more = {}) => {
    if (trial && !over) writeSign(dataDir, { id: trial, pid: process.pid, at: Date.now() / 1000, stage, shown, ...more });
  };
  const beat = () => {
    const { state, failure, worker } = screen.state();
    const wrong = state === 'failed' ? failure : worker.state === 'failed' ? worker.failure : null;
    if (wrong) fail(joined(wrong.reason, wrong.hint), wrong.code);
    else if (supervisor.state !== 'ready') sign('starting');
    // A full disk or a locked database is not this version's fault.
    else sign(worker.waiting ? 'hindered' : 'waiting');
  };
  /** @param {import('../locale/messages.js').Text} reason @param {string} code */
  const fail = (reason, code) => {
    if (!trial || over) return;
    logs.write('shell', `the update does not work: ${reason}`);
    sign('failed', { reason, code });
    end();
  };
  const end = () => {
    over = true;
    stop();
    clearInterval(timer);
  };

  contents.on('did-navigate', (_event, url, code) => {
    if (over || !isSameOrigin(url, screen.origin)) return;
    const verdict = saysOfPage({ path: new URL(url).pathname, code });
    if (verdict === 'works') shown = true;
    if (verdict !== 'fails' || shown) return;
    failures += 1;
    if (failures > 1) fail(say('The first page answered {code}.', { code: String(code) }), 'page_failed');
    else if (trial) setTimeout(() => { if (main.alive()) contents.reload(); }, AGAIN_MS);
  });
  contents.on('render-process-gone', () => { shown = false; });
  const stop = confirmUpdate(supervisor, {
    mayAsk: async () => shown && main.alive() && answers(contents),
    onEnd: ({ confirmed, reason }) => {
      if (confirmed) end();
      else fail(reason, 'not_confirmed');
    },
  });
  const timer = setInterval(beat, SIGN_MS);
  timer.unref();
  supervisor.on('state', beat);
  app.once('before-quit', () => {
    sign('quit');
    end();
  });
  beat();
}

/** Resolves at the page's next frame; a hidden window draws none. */
const PAINTED = 'new Promise((done) => { if (document.hidden) done(true); else requestAnimationFrame(() => done(true)); })';

/**
 * Whether the page's process responds and its page is drawn.
 * @param {Electron.WebContents} contents
 * @returns {Promise<boolean>}
 */
async function answers(contents) {
  if (contents.isCrashed()) return false;
  const painted = contents.executeJavaScript(PAINTED).catch(() => false);
  return Promise.race([painted, new Promise((resolve) => { setTimeout(() => resolve(false), ANSWER_MS).unref(); })]);
}

/**
 * @param {string} dataDir
 * @param {Record<string, unknown>} sign
 */
function writeSign(dataDir, sign) {
  const file = path.join(dataDir, 'updates', 'boot.json');
  try {
    fs.writeFileSync(`${file}.new`, JSON.stringify(withMessages(sign)), { mode: 0o600 });
    replaceFile(`${file}.new`, file);
  } catch {
    // A full disk: the missing report tells the guardian enough.
  }
}
