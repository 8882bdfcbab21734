/** Restarts, sleep, running tasks and shutdown, as a window shows them. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { after } from 'node:test';

import { alive, atEnd, until } from '../electron/fixtures/harness.js';
import { commandLine, descendants, usersOf } from '../electron/fixtures/processes.js';
import { close, menu, shellPage, shorten, shown, windowTest } from './support/window-steps.js';
import { endDisplay, openShell } from './window.js';

after(endDisplay);

/** @typedef {import('./window.js').Running} Running */

/** @param {Running} running */
const state = ({ dataDir }) => JSON.parse(fs.readFileSync(path.join(dataDir, 'state.json'), 'utf8'));
/** @param {Running} running @returns {Promise<boolean>} */
const keptAwake = ({ app }) => app.evaluate(({ powerSaveBlocker }) => [0, 1, 2, 3, 4].some((id) => powerSaveBlocker.isStarted(id)));
/** @param {Running} running @param {string} event */
const power = ({ app }, event) => app.evaluate(({ powerMonitor }, name) => { powerMonitor.emit(name); }, event);
/** @param {Running} running @param {string} id @returns {Promise<{enabled: boolean, checked: boolean}>} */
const item = ({ app }, id) => app.evaluate(({ Menu }, wanted) => {
  const found = Menu.getApplicationMenu()?.getMenuItemById(wanted);
  return { enabled: Boolean(found?.enabled), checked: Boolean(found?.checked) };
}, id);
/** @param {Running} running */
const title = ({ app }) => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0].getTitle());
/** @param {Running} running */
const restartOverlayGone = ({ app }) => until(() => app.windows().length === 1, { what: 'the overlay to go' });

/** @param {typeof import('electron')} electron */
const gpuGone = ({ app }) => { app.emit('child-process-gone', {}, { type: 'GPU', reason: 'crashed' }); };

windowTest('the life of a window', async (t) => {
  const running = await shown(t);
  const { app, page, fake } = running;
  await until(() => fake.starts('worker').length === 1);

  await t.test('running work keeps the computer awake, if the user wants that', async () => {
    assert.equal(await keptAwake(running), false);
    fake.say('worker', { event: 'busy' });
    await until(() => keptAwake(running));
    await menu(running, 'keep-awake');
    assert.equal(await keptAwake(running), false);
    assert.equal(state(running).keepAwake, false, 'remembered');
    await menu(running, 'keep-awake');
    assert.equal(await keptAwake(running), true, 'at once, while it works');
    fake.say('worker', { event: 'idle' });
    await until(async () => !(await keptAwake(running)));
  });

  await t.test('after a sleep the page is told to connect anew', async () => {
    const told = page.evaluate(() => new Promise((resolve) => {
      window.addEventListener('djdesk:resume', (event) => resolve(event.constructor.name), { once: true });
      document.title = 'listening';
    }));
    await page.waitForFunction(() => document.title === 'listening');
    await power(running, 'suspend');
    await power(running, 'resume');
    assert.equal(await told, 'CustomEvent');
  });

  await t.test('a restart that the page asked for says why, and returns to the page that asked', async () => {
    await page.goto(`${new URL(page.url()).origin}/desktop/data/`);
    await page.click('#post');
    await until(() => page.url().endsWith('/form/'));
    await page.evaluate(() => { document.title = 'the old one'; });
    fake.plan({ serve: { hold: true } });
    fake.say('serve', { event: 'restart', reason: 'Restoring a backup' });
    const overlay = await shellPage(running, 'restarting.html');
    await overlay.waitForFunction(() => document.getElementById('title')?.textContent === 'Restoring a backup');
    fake.plan({});
    await restartOverlayGone(running);
    // Not the response to the form.
    await until(() => new URL(page.url()).pathname === '/desktop/data/');
    await page.waitForLoadState('load');
    assert.notEqual(await page.title(), 'the old one', 'the data is new, so the page is');
    assert.equal(await page.evaluate(() => fetch('/health/').then((answer) => answer.status)), 200);
    await until(() => fake.starts('worker').length === 2);
  });

  await t.test('a server that hangs is ended and started again under the page', async () => {
    await page.fill('#field', 'half a sentence');
    fake.plan({ serve: { hold: true } });
    process.kill(fake.starts('serve')[1].pid, 'SIGSTOP');
    const bar = await shellPage(running, 'trouble.html');
    await bar.waitForFunction(() => /has not responded for \d+ s/.test(document.getElementById('what')?.textContent || ''));
    const overlay = await shellPage(running, 'restarting.html');
    await overlay.waitForFunction(() => /did not respond for \d+ s/.test(document.getElementById('more')?.textContent || ''));
    // A page that keeps requesting its own server, as an event stream does, gets no warning.
    assert.equal(await page.evaluate(() => fetch('/health/').then(() => 'answered', () => 'no answer')), 'no answer');
    assert.doesNotMatch(running.log(), /request refused/);
    assert.equal(await page.evaluate(() => fetch('http://127.0.0.1:9/').then(() => 'answered', () => 'no answer')), 'no answer');
    await until(() => /request refused: http:\/\/127\.0\.0\.1:9\//.test(running.log()));
    fake.plan({});
    await restartOverlayGone(running);
    assert.equal(await page.inputValue('#field'), 'half a sentence');
    assert.equal(fake.starts('serve').length, 3);
  });

  await t.test('a busy server is told of above the page, and ended when the user wants it', async () => {
    const before = fake.starts('serve').length;
    const over = () => running.log().match(/answers as it should again/g)?.length || 0;
    const earlier = over();
    const busy = { running: 20, of: 20, oldest: 41, waiting: 3 };
    fake.plan({ serve: { alive: busy } });
    const bar = await shellPage(running, 'trouble.html');
    await bar.waitForFunction(() => document.getElementById('what')?.textContent === '20 of 20 requests are running, the oldest for 41 s.');
    await bar.click('#wait').catch(() => {});
    await until(() => app.windows().every((one) => !one.url().endsWith('trouble.html')));
    fake.plan({});
    await until(() => over() > earlier);
    fake.plan({ serve: { alive: busy } });
    const again = await shellPage(running, 'trouble.html');
    assert.equal(fake.starts('serve').length, before, 'nothing was done to it so far');
    await again.click('#end').catch(() => {});
    fake.plan({});
    await until(() => fake.starts('serve').length === before + 1);
    await restartOverlayGone(running);
    await until(() => app.windows().every((one) => !one.url().endsWith('trouble.html')));
  });

  await t.test('a worker that was given up on is started again from the menu', async () => {
    await shorten(running, { 500: 5, 1000: 5, 2000: 5, 4000: 5, 8000: 5 });
    assert.equal((await item(running, 'start-worker')).enabled, false);
    fake.plan({ worker: { crashAfter: 1 } });
    process.kill(fake.starts('worker')[1].pid, 'SIGKILL');
    await until(async () => (await item(running, 'start-worker')).enabled);
    fake.plan({});
    const before = fake.starts('worker').length;
    await menu(running, 'start-worker');
    await until(() => fake.starts('worker').length === before + 1);
    await until(async () => !(await item(running, 'start-worker')).enabled);
  });

  await t.test('repeated crashes of the graphics process turn acceleration off for the next start, on this machine', async () => {
    assert.equal((await item(running, 'use-gpu')).checked, true);
    const told = () => running.log().match(/a GPU process is gone/g)?.length || 0;
    const crash = async () => {
      const graphics = () => descendants(running.pid).find((pid) => commandLine(pid).includes('--type=gpu-process'));
      const before = told();
      process.kill(await until(graphics, { what: 'a graphics process' }), 'SIGKILL');
      await until(() => told() === before + 1);
    };
    if (process.platform === 'linux') {
      await crash();
      await crash();
    } else {
      for (let i = 0; i < 2; i += 1) await app.evaluate(gpuGone);
    }
    assert.equal(state(running).gpuOff, undefined, 'twice is bad luck');
    // Not killed this time: some versions of Chromium exit when no rendering path is left.
    await app.evaluate(gpuGone);
    assert.equal(state(running).gpuOff.reason, 'crashes');
    assert.match(state(running).gpuOff.machine, /^[0-9a-f]{16}$/);
    assert.equal((await item(running, 'use-gpu')).checked, false);
    await menu(running, 'use-gpu');
    assert.equal(state(running).gpuOff, null, 'undone');
  });
  await close(running);
});

windowTest('started without acceleration where that was remembered, and only there', async (t) => {
  const first = await shown(t);
  await menu(first, 'use-gpu');
  const { gpuOff } = state(first);
  await close(first);
  for (const [machine, logged] of /** @type {[string, boolean][]} */ ([[gpuOff.machine, true], ['0123456789abcdef', false]])) {
    fs.writeFileSync(path.join(first.dataDir, 'state.json'), JSON.stringify({ gpuOff: { ...gpuOff, machine } }));
    const next = await shown(t, { dataDir: first.dataDir });
    assert.equal((await item(next, 'use-gpu')).checked, !logged);
    await close(next);
    const log = path.join(first.dataDir, 'logs', 'shell.log');
    assert.equal(/started without graphics acceleration/.test(fs.readFileSync(log, 'utf8')), logged);
    fs.unlinkSync(log);
  }
});

windowTest('an end that waits for running work says so, and can be cut short', async (t) => {
  const running = await shown(t, { plan: { worker: { lingerMs: 60000 } } });
  await until(() => running.fake.starts('worker').length === 1);
  running.fake.say('worker', { event: 'busy' });
  await until(() => keptAwake(running));
  const pids = [running.pid, ...running.fake.pids(), ...descendants(running.pid)];
  await running.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0].close());
  const page = await shellPage(running, 'stopping.html');
  await page.waitForFunction(() => document.getElementById('status')?.textContent === 'Waiting for running work to stop…');
  await page.click('#now').catch(() => {});
  await until(() => pids.every((pid) => !alive(pid)), { what: 'no process left' });
});

windowTest('what a page stored is on the disk before the app waits for its end', async (t) => {
  const running = await shown(t, { plan: { worker: { lingerMs: 60000 } } });
  const { app, dataDir, fake, page, pid } = running;
  await until(() => fake.starts('worker').length === 1);
  fake.say('worker', { event: 'busy' });
  await until(() => keptAwake(running));
  await page.evaluate(() => localStorage.setItem('shelf', 'fiction'));
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0].close());
  const stored = () => fs.readdirSync(dataDir, { recursive: true, encoding: 'utf8' })
    .some((name) => /leveldb.\d+\.log$/.test(name) && fs.readFileSync(path.join(dataDir, name)).includes('fiction'));
  // On its own, Chromium writes it five seconds later.
  await until(stored, { limitMs: 3000, what: 'the word on the disk' });
  const stopping = await shellPage(running, 'stopping.html');
  await stopping.click('#now').catch(() => {});
  await until(() => !alive(pid), { what: 'the end' });
});

windowTest('who starts the app again while it ends gets a window', async (t) => {
  const running = await shown(t, { plan: { worker: { lingerMs: 60000 } } });
  const { app, fake, dataDir, pid } = running;
  await until(() => fake.starts('worker').length === 1);
  fake.say('worker', { event: 'busy' });
  await until(() => keptAwake(running));
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0].close());
  const page = await shellPage(running, 'stopping.html');
  // The second instance finds the first and exits: the first restarts after it has ended.
  await assert.rejects(openShell(t, { dataDir }));
  await page.click('#now').catch(() => {});
  await until(() => !alive(pid), { what: 'the end of the first' });
  await until(() => fake.starts('serve').length === 2, { what: () => `another server; log:\n${running.log()}` });
  const shells = usersOf(dataDir).filter((one) => !fake.pids().includes(one));
  assert.ok(shells.length, 'a window with the same data folder');
  for (const one of shells) process.kill(one, 'SIGTERM');
});

windowTest('the end of the session takes the same way out', async (t) => {
  const running = await shown(t);
  await until(() => running.fake.starts('worker').length === 1);
  const pids = [running.pid, ...running.fake.pids(), ...descendants(running.pid)];
  await power(running, 'shutdown').catch(() => {});
  await until(() => pids.every((pid) => !alive(pid)), { what: 'no process left' });
});

windowTest('safe mode: no worker, a word in the title, and a way back', async (t) => {
  const running = await shown(t, { args: ['--safe-mode'] });
  await until(async () => /\(background tasks are off\)$/.test(await title(running)));
  assert.equal(running.fake.starts('worker').length, 0);
  assert.equal((await item(running, 'start-worker')).enabled, true);
  await menu(running, 'start-worker');
  await until(() => running.fake.starts('worker').length === 1);
  await until(async () => (await title(running)) === 'Fake app');
  await close(running);
});

windowTest('what a page stored is there again once a stranger gives the port back', async (t) => {
  const first = await shown(t);
  const { origin } = new URL(first.page.url());
  await first.page.evaluate(() => localStorage.setItem('shelf', 'fiction'));
  await close(first);

  const stranger = http.createServer((_request, response) => { response.end('not the app'); });
  await new Promise((resolve) => { stranger.listen(Number(new URL(origin).port), '127.0.0.1', () => resolve(null)); });
  atEnd(t, () => stranger.close());
  const second = await shown(t, { dataDir: first.dataDir });
  assert.notEqual(new URL(second.page.url()).origin, origin, 'another port, and the app runs');
  assert.equal(await second.page.evaluate(() => localStorage.getItem('shelf')), null);
  await second.page.evaluate(() => localStorage.setItem('shelf', 'while the port was taken'));
  await close(second);
  await new Promise((resolve) => { stranger.close(() => resolve(null)); });

  const third = await shown(t, { dataDir: first.dataDir });
  assert.equal(new URL(third.page.url()).origin, origin);
  assert.equal(await third.page.evaluate(() => localStorage.getItem('shelf')), 'fiction');
  await close(third);
});
