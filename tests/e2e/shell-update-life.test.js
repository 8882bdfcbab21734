/**
 * The whole life of an update in real windows: from a folder without a network to the restart, the new
 * version in its window, and back again. Scripts that start this checkout replace the AppImages; the
 * guardian, the swap and the gate are real.
 *
 * DJDESK_PICTURES=FOLDER also takes the pictures of docs/updates.md.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after } from 'node:test';

import { chromium } from 'playwright-core';

import { devTools } from '../../scripts/release/drive.js';
import { newKey, release } from '../electron/fixtures/feed-server.js';
import { atEnd, temporary, until } from '../electron/fixtures/harness.js';
import { commandLine, usersOf } from '../electron/fixtures/processes.js';
import { appFile, PARITY, PYTHON } from './support/app.js';
import { long, menu, shown, windowTest } from './support/window-steps.js';
import { endDisplay } from './window.js';

after(endDisplay);

const LIMIT = 120000;

/** In the format of docs/. @param {import('playwright-core').Page} page @param {string} file */
async function shoot(page, file) {
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: 60 });
  await session.detach();
  fs.writeFileSync(file, Buffer.from(data, 'base64'));
}

/** @param {import('playwright-core').Page} page @param {string} name */
async function picture(page, name) {
  if (process.env.DJDESK_PICTURES) await shoot(page, path.join(process.env.DJDESK_PICTURES, `update-${name}.webp`));
}

windowTest('an update from a folder, restarted into, and gone back from', { skip: process.platform !== 'linux' ? 'the feed here is for Linux' : long }, async (t) => {
  const dir = temporary(t);
  const key = newKey();
  const stick = path.join(dir, 'stick');
  const target = path.join(dir, 'Parity.AppImage');
  const app = (/** @type {string} */ folder, /** @type {string} */ name) => {
    const file = path.join(dir, name);
    fs.writeFileSync(file, JSON.stringify({ ...JSON.parse(fs.readFileSync(appFile(folder), 'utf8')), update: { keys: [key.public], channel: 'stable' } }));
    return file;
  };
  const next = path.join(dir, 'next');
  fs.cpSync(PARITY, next, { recursive: true, filter: (file) => path.basename(file) !== '.djdesk' });
  const table = path.join(next, 'pyproject.toml');
  fs.writeFileSync(table, fs.readFileSync(table, 'utf8').replace('version = "1.2.3"', 'version = "1.3.0"'));
  const newApp = app(next, 'new.json');
  const oldApp = app(PARITY, 'old.json');
  const data = path.join(dir, 'data');

  const open = (/** @type {string} */ file) => shown(t, { python: PYTHON, appFile: file, dataDir: data, env: { DJDESK_UPDATE_TARGET: target } });
  let running = await open(oldApp);
  const electron = await running.app.evaluate(() => process.execPath);
  // The old version only records that it was restarted: one window at a time.
  const old = `#!/bin/sh\necho old >> '${dir}/started'\n`;
  fs.writeFileSync(target, old, { mode: 0o755 });
  const bytes = Buffer.from(`#!/bin/sh\ncase "$*" in *--rehearse*) exit 0;; esac\necho "new $$" >> '${dir}/started'\nexec '${electron}' "$@" '--app=${newApp}'\n`);
  await release(stick, { key, product: 'org.example.parity', version: '1.3.0', bytes, notes: { en: 'Books can have notes.' } });
  const journal = () => JSON.parse(fs.readFileSync(path.join(data, 'updates', 'update.json'), 'utf8'));
  const started = () => (fs.existsSync(path.join(dir, 'started')) ? fs.readFileSync(path.join(dir, 'started'), 'utf8').trim().split('\n') : []);
  const log = () => fs.readFileSync(path.join(data, 'logs', 'guardian.log'), 'utf8').slice(-3000);
  const reached = (/** @type {string} */ state) => until(() => journal().state === state, { limitMs: LIMIT, what: () => `${state}; ${JSON.stringify(journal())}\n${log()}` });

  await running.app.evaluate(({ dialog }, folder) => {
    dialog.showOpenDialog = /** @type {any} */ (async () => ({ canceled: false, filePaths: [folder] }));
  }, stick);
  await menu(running, 'updates-page');
  await running.page.waitForSelector('text=This app has no address for updates.');
  assert.equal(await running.page.isVisible('button[data-act=check]'), false);
  await picture(running.page, '1-before');
  await running.page.click('button[data-act=folder]');
  await running.page.waitForSelector('button[data-act=restart]:visible');
  await picture(running.page, '2-ready');
  const begun = Date.now();
  await running.page.click('button[data-act=restart]');
  await reached('confirmed');
  assert.deepEqual(fs.readFileSync(target), bytes);
  assert.equal(started().length, 1);
  assert.deepEqual([journal().from, journal().to, journal().boots], ['1.2.3', '1.3.0', 1]);

  // Its window shows the app and is fully usable.
  const browser = await chromium.connectOverCDP(await devTools([data], begun, LIMIT), { noDefaults: true });
  const [page] = browser.contexts()[0].pages().filter((one) => one.url().startsWith('http:'));
  await page.goto(new URL('/desktop/updates/', page.url()).href);
  await page.waitForSelector('td >> text=installed');
  assert.ok(await page.isVisible('header >> text=1.3.0'));
  await picture(page, '3-installed');
  await browser.close();
  const [, pid] = started()[0].split(' ');
  process.kill(Number(pid), 'SIGTERM');
  await until(() => !usersOf(data).length, { limitMs: LIMIT, what: () => `the end of ${usersOf(data).map(commandLine)}` });

  running = await open(newApp);
  await menu(running, 'updates-page');
  await running.page.waitForSelector('td >> text=1.2.3 → 1.3.0');
  await running.page.click('summary >> text=Go back to 1.2.3…');
  assert.ok(await running.page.isVisible('text=with the data from'));
  await picture(running.page, '4-back');
  await running.page.click('button[data-act=back]');
  await reached('rolled_back');
  assert.equal(fs.readFileSync(target, 'utf8'), old);
  await until(() => started().includes('old'), { limitMs: LIMIT, what: () => `the old version; ${log()}` });
  assert.equal(journal().paused, true);
  atEnd(t, () => until(() => !usersOf(data).length, { limitMs: LIMIT, what: () => `the end of ${usersOf(data).map(commandLine)}` }));
});
