/**
 * The whole life of an update in real windows: from a folder without any network to the restart, the new version in its
 * window, and back again. What stands in for the AppImage are scripts that start this checkout; the guardian, the swap
 * and the gate are the real ones.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after } from 'node:test';

import { newKey, release } from '../electron/fixtures/feed-server.js';
import { atEnd, temporary, until } from '../electron/fixtures/harness.js';
import { commandLine, usersOf } from '../electron/fixtures/processes.js';
import { appFile, PARITY, PYTHON } from './support/app.js';
import { menu, shown, windowTest } from './support/window-steps.js';
import { endDisplay } from './window.js';

after(endDisplay);

const long = process.env.DJDESK_TEST_LONG ? false : 'takes long; .ci/run has it, or DJDESK_TEST_LONG=1';
const LIMIT = 120000;

windowTest('an update from a folder, restarted into, and gone back from', { skip: process.platform !== 'linux' ? 'the feed here is for Linux' : long }, async (t) => {
  const dir = temporary(t);
  const key = newKey();
  const stick = path.join(dir, 'stick');
  const target = path.join(dir, 'Parity.AppImage');
  const about = JSON.parse(fs.readFileSync(appFile(PARITY), 'utf8'));
  const file = path.join(dir, 'app.json');
  fs.writeFileSync(file, JSON.stringify({ ...about, update: { keys: [key.public], channel: 'stable' } }));
  const data = path.join(dir, 'data');

  const open = () => shown(t, { python: PYTHON, appFile: file, dataDir: data, env: { DJDESK_UPDATE_TARGET: target } });
  let running = await open();
  const electron = await running.app.evaluate(() => process.execPath);
  // The old version only notes that it was started again: one window at a time.
  const old = `#!/bin/sh\necho old >> '${dir}/started'\n`;
  fs.writeFileSync(target, old, { mode: 0o755 });
  const bytes = Buffer.from(`#!/bin/sh\ncase "$*" in *--rehearse*) exit 0;; esac\necho "new $$" >> '${dir}/started'\nexec '${electron}' "$@"\n`);
  await release(stick, { key, product: 'org.example.parity', version: '1.3.0', bytes });
  const journal = () => JSON.parse(fs.readFileSync(path.join(data, 'updates', 'update.json'), 'utf8'));
  const started = () => (fs.existsSync(path.join(dir, 'started')) ? fs.readFileSync(path.join(dir, 'started'), 'utf8').trim().split('\n') : []);
  const log = () => fs.readFileSync(path.join(data, 'logs', 'guardian.log'), 'utf8').slice(-3000);
  const reached = (/** @type {string} */ state) => until(() => journal().state === state, { limitMs: LIMIT, what: () => `${state}; ${JSON.stringify(journal())}\n${log()}` });

  await running.app.evaluate(({ dialog }, folder) => {
    dialog.showOpenDialog = /** @type {any} */ (async () => ({ canceled: false, filePaths: [folder] }));
  }, stick);
  await menu(running, 'updates-page');
  await running.page.waitForSelector('text=This app knows no address for updates.');
  assert.equal(await running.page.isVisible('button[data-act=check]'), false);
  await running.page.click('button[data-act=folder]');
  await running.page.click('button[data-act=restart]');
  await reached('confirmed');
  assert.deepEqual(fs.readFileSync(target), bytes);
  assert.equal(started().length, 1);
  assert.deepEqual([journal().from, journal().to, journal().boots], ['1.2.3', '1.3.0', 1]);

  // Its window is there and goes as any other.
  const [, pid] = started()[0].split(' ');
  process.kill(Number(pid), 'SIGTERM');
  await until(() => !usersOf(data).length, { limitMs: LIMIT, what: () => `the end of ${usersOf(data).map(commandLine)}` });

  running = await open();
  await menu(running, 'updates-page');
  await running.page.waitForSelector('td >> text=1.2.3 → 1.3.0');
  await running.page.click('summary >> text=Go back to 1.2.3…');
  assert.ok(await running.page.isVisible('text=with the data as it was on'));
  await running.page.click('button[data-act=back]');
  await reached('rolled_back');
  assert.equal(fs.readFileSync(target, 'utf8'), old);
  await until(() => started().includes('old'), { limitMs: LIMIT, what: () => `the old version; ${log()}` });
  assert.equal(journal().paused, true);
  atEnd(t, () => until(() => !usersOf(data).length, { limitMs: LIMIT, what: () => `the end of ${usersOf(data).map(commandLine)}` }));
});
