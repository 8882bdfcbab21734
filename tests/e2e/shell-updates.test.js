/** An update in the real window: from a feed on this computer to "restart to update". */
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { after } from 'node:test';

import { newKey, release, serve } from '../electron/fixtures/feed-server.js';
import { atEnd, temporary, until } from '../electron/fixtures/harness.js';
import { appFile, PARITY, PYTHON } from './support/app.js';
import { close, menu, shown, windowTest } from './support/window-steps.js';
import { endDisplay } from './window.js';

after(endDisplay);

/** A new version that passes its rehearsal and records that it was run. */
const PROGRAM = '#!/bin/sh\necho "$@" >> "$0.rehearsed"\nexit 0\n';

windowTest('from news to "restart to update", and away again', { skip: process.platform !== 'linux' && 'the feed here is for Linux' }, async (t) => {
  const dir = temporary(t);
  const key = newKey();
  const site = path.join(dir, 'site');
  const bytes = Buffer.concat([Buffer.from(PROGRAM), crypto.randomBytes(3e6)]);
  await release(site, { key, product: 'org.example.parity', version: '1.3.0', bytes, notes: { en: 'Faster.\n<b>Not bold</b>', de: 'Schneller.' } });
  const server = await serve(site);
  atEnd(t, () => server.close());
  const target = path.join(dir, 'Parity.AppImage');
  fs.writeFileSync(target, 'the old version', { mode: 0o755 });
  const about = JSON.parse(fs.readFileSync(appFile(PARITY), 'utf8'));
  const file = path.join(dir, 'app.json');
  fs.writeFileSync(file, JSON.stringify({ ...about, update: { feed: server.url, keys: [key.public], channel: 'stable', channels: ['beta'] } }));

  const running = await shown(t, { python: PYTHON, appFile: file, env: { DJDESK_UPDATE_TARGET: target, https_proxy: 'http://127.0.0.1:9/', no_proxy: '' } });
  const { page, dataDir } = running;
  const journal = () => JSON.parse(fs.readFileSync(path.join(dataDir, 'updates', 'update.json'), 'utf8'));
  await menu(running, 'updates-page');
  await page.waitForSelector('text=The app has not checked for updates yet.');
  assert.ok(await page.isVisible('text=Check for updates once a day?'), 'asked, on the page and not above it');

  // A tampered announcement.
  const yml = path.join(site, 'latest-linux.yml');
  const good = fs.readFileSync(yml);
  fs.writeFileSync(yml, String(good).replace('"rollout": 100', '"rollout": 99'));
  await page.click('button[data-act=check]');
  await page.waitForSelector('[data-status] >> text=has a wrong signature. It was ignored.');
  fs.writeFileSync(yml, good);

  // A stalled download can be cancelled.
  const begun = new Promise((resolve) => {
    server.break((_request, response, file) => {
      if (!file.endsWith('.AppImage')) return false;
      response.writeHead(200, { 'content-length': bytes.length });
      response.write(bytes.subarray(0, 100000), () => resolve(null));
      return true;
    });
  });
  await page.click('button[data-act=check]');
  await begun;
  await page.click('button[data-act=cancel]');
  await page.waitForSelector('[data-status] >> text=The download was cancelled.');
  await until(() => !fs.readdirSync(path.join(dataDir, 'updates', 'download', 'pending')).length, { what: 'the end of the unfinished file' });
  server.break(null);

  // With the keyboard.
  await page.focus('button[data-act=check]');
  await page.keyboard.press('Enter');
  await page.waitForSelector('button[data-act=restart]:visible');
  assert.equal(await page.textContent('[data-notes]'), 'Faster.\n<b>Not bold</b>');
  assert.equal(await page.isVisible('[data-update-badge]'), true);
  assert.match(await page.textContent('[data-status]') || '', /tried on a copy of your data/);
  assert.equal(journal().state, 'rehearsed');
  assert.deepEqual(fs.readFileSync(journal().staged), bytes);
  assert.match(fs.readFileSync(`${journal().staged}.rehearsed`, 'utf8'), /--rehearse --data-dir=.*rehearsal/);
  assert.equal(fs.readFileSync(target, 'utf8'), 'the old version');
  assert.ok(server.asked.every(({ headers }) => !('x-user-staging-id' in headers) && !('cookie' in headers)));
  // Update checks use the system's proxy; the window's own requests never do.
  const ways = await running.app.evaluate(({ session, BrowserWindow }) => Promise.all([session.fromPartition('updates'), BrowserWindow.getAllWindows()[0].webContents.session]
    .map((one) => one.resolveProxy('https://example.org/'))));
  assert.deepEqual(ways, ['PROXY 127.0.0.1:9', 'DIRECT']);
  const label = await running.app.evaluate(({ Menu }) => Menu.getApplicationMenu()?.getMenuItemById('updates-page')?.label);
  assert.equal(label, 'Update to 1.3.0…');

  await page.click('button[data-act=automatic][data-value=no]');
  await page.waitForSelector('text=Check for updates once a day?', { state: 'hidden' });
  await page.click('button[data-act=skip]');
  await page.waitForSelector('[data-status] >> text=You have skipped version 1.3.0.');
  await until(() => journal().state === 'abandoned', { what: 'the end of the update' });
  assert.equal(fs.existsSync(journal().staged || path.join(dir, 'nothing')), false);
  await page.reload();
  await page.waitForSelector('td >> text=not installed; nothing was changed');
  await close(running);
  const kept = JSON.parse(fs.readFileSync(path.join(dataDir, 'updates', 'choices.json'), 'utf8'));
  assert.deepEqual([kept.automatic, kept.skipped, kept.seen.stable.version], [false, '1.3.0', '1.3.0']);
});
