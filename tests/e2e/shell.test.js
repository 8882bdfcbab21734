import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test, { after } from 'node:test';

import { alive, temporary, until } from '../electron/fixtures/harness.js';
import { commandLine, descendants, noRealPython, realPython } from '../electron/fixtures/processes.js';
import { cannotDrag, drop } from './real-drop.js';
import { close, menu, opened, shellPage, shown, skip, watchExternal, windowTest } from './support/window-steps.js';
import { appShown, firstLine, endDisplay, openShell } from './window.js';

after(endDisplay);
windowTest('a window on the app', async (t) => {
  const running = await openShell(t, { plan: { serve: { hold: true } } });
  const { page, app, dataDir } = running;

  await t.test('shows a page of the shell at once, with the stage in words', async () => {
    assert.equal(page.url(), 'app://shell/splash.html');
    await page.waitForFunction(() => /Updating the database · 3 of 7/.test(document.getElementById('status')?.textContent || ''));
  });

  await t.test('then the app, in the same window', async () => {
    running.fake.plan({});
    await appShown(running);
    assert.equal(app.windows().length, 1);
    // Without the token the server answers 403: the page and its script loaded, so it was sent.
    assert.equal(await page.textContent('h1'), 'Fake app');
    await page.waitForFunction(() => document.getElementById('where')?.textContent === '/');
    assert.ok((await page.evaluate(() => history.length)) <= 2);
  });

  await t.test('with the token for its workers too', async () => {
    assert.equal(await page.evaluate(() => new Promise((resolve) => {
      const worker = new Worker('/worker.js');
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = () => resolve('refused');
    })), 200);
  });

  await t.test('gives the page the named functions and nothing of Node or Electron', async () => {
    const seen = await page.evaluate(() => ({
      names: Object.keys(window.djdesk || {}).sort(),
      globals: ['require', 'process', 'module', 'Buffer', 'electron', 'ipcRenderer', '__dirname', 'global', 'djdeskShell', 'djdeskFind']
        .filter((name) => name in window),
      shell: window.djdesk?.shell,
      version: window.djdesk?.version,
    }));
    assert.deepEqual(seen.names, [
      'chooseFiles', 'chooseFolder', 'dragExport', 'notify', 'onFileOpened', 'onFolderDropped', 'onMenu', 'openDataFolder', 'openExternal', 'openLogs', 'platform', 'setLanguage', 'setTheme', 'shell', 'showExport', 'updates', 'version',
    ]);
    assert.deepEqual(seen.globals, []);
    assert.equal(seen.shell, 'electron');
    assert.match(String(seen.version), /^\d+\.\d+\.\d+/);
  });

  await t.test('keeps the token from the page, its cookies, the address and the command lines', async () => {
    const [{ token }] = running.fake.starts('serve');
    const content = await page.evaluate(() => document.documentElement.outerHTML + document.cookie + location.href + JSON.stringify(localStorage));
    assert.ok(!content.includes(token));
    if (process.platform === 'linux') {
      for (const pid of [running.pid, ...descendants(running.pid)]) {
        for (const file of ['cmdline', 'environ']) {
          assert.ok(!fs.readFileSync(`/proc/${pid}/${file}`, 'latin1').includes(token), file);
        }
      }
    }
  });

  await t.test('goes nowhere else: links, scripts, frames, requests', async () => {
    await watchExternal(running);
    const home = page.url();
    // Not the driver's click, which would wait for the navigation that the shell refuses.
    await page.evaluate(() => document.getElementById('foreign')?.click());
    await page.evaluate(() => document.getElementById('file')?.click());
    await page.evaluate(() => { location.href = 'http://127.0.0.1:1/'; });
    await page.evaluate(() => { location.href = 'app://shell/error.html'; });
    assert.equal(await page.evaluate(() => fetch('http://127.0.0.1:1/').then(() => 'answered', () => 'refused')), 'refused');
    assert.equal(await page.evaluate(() => new Promise((resolve) => {
      const image = new Image();
      image.onload = () => resolve('loaded');
      image.onerror = () => resolve('refused');
      image.src = 'https://example.org/x.png';
    })), 'refused');
    await page.evaluate(() => {
      const frame = document.createElement('iframe');
      frame.src = 'app://shell/error.html';
      document.body.append(frame);
    });
    await until(async () => (await opened(running)).includes('https://example.org/'));
    assert.equal(page.url(), home);
    assert.equal(await page.textContent('h1'), 'Fake app');
    assert.deepEqual(await opened(running), ['https://example.org/'], 'only the link to the web went out');
    // For the same reason: with a new document the driver stops waiting.
    await page.reload();
  });

  await t.test('says what it refused, in the window', async () => {
    await page.evaluate(() => { location.href = 'http://127.0.0.1:1/refused'; });
    const strip = await shellPage(running, /^app:\/\/shell\/notice\.html#.*refused/);
    await strip.waitForFunction(() => /^Bücher & Regale does not open .*http:\/\/127\.0\.0\.1:1\/refused$/.test(document.getElementById('text')?.textContent || ''));
    assert.deepEqual(await strip.evaluate(() => ['djdeskNotice', 'djdeskShell', 'djdesk'].map((name) => name in window)), [true, false, false]);
    await strip.click('#close').catch(() => {});
    await until(() => app.windows().length === 1, { what: 'the strip to go' });
    await page.reload();
  });

  await t.test('opens no window for what is not the app\'s; links to the web go out through the one choke point', async () => {
    await watchExternal(running);
    // Not the driver's click, which waits for the window that never opens; and without an opener, because the
    // driver pauses a new window of the same process at creation, and its opener with it.
    await page.evaluate(() => document.getElementById('blank')?.click());
    await page.evaluate(() => { window.open('http://127.0.0.1:1/window', '', 'noopener'); });
    await page.evaluate(() => { window.open('file:///etc/hostname', '', 'noopener'); });
    await until(async () => (await opened(running)).length > 0);
    assert.deepEqual(await opened(running), ['https://example.org/docs']);
    await until(() => /window refused: http:\/\/127\.0\.0\.1:1\/window/.test(running.log()));
    assert.equal(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length), 1);
    await (await shellPage(running, /^app:\/\/shell\/notice\.html#.*window/)).click('#close').catch(() => {});
    await until(() => app.windows().length === 1, { what: 'the strip to go' });
  });

  await t.test('opens what the page names outside only when it is allowed, and folders of its own', async () => {
    await watchExternal(running);
    const open = (/** @type {string} */ url) => page.evaluate((to) => window.djdesk?.openExternal(to), url);
    assert.equal(await open('https://docs.djangoproject.com/en/'), true);
    assert.equal(await open('file:///etc/passwd'), false);
    assert.equal(await open('javascript:alert(1)'), false);
    await page.evaluate(() => window.djdesk?.openDataFolder());
    await page.evaluate(() => window.djdesk?.openLogs());
    assert.deepEqual(await opened(running), ['https://docs.djangoproject.com/en/', dataDir, path.join(dataDir, 'logs')]);
  });

  await t.test('points at an export in its folder, and at nothing else', async () => {
    await watchExternal(running);
    const exports = path.join(dataDir, 'exports');
    fs.mkdirSync(exports, { recursive: true });
    fs.writeFileSync(path.join(exports, 'shop.html'), '');
    const show = (/** @type {string} */ name) => page.evaluate((wanted) => window.djdesk?.showExport?.(wanted), name);
    assert.equal(await show('shop.html'), true);
    assert.equal(await show('gone.html'), false);
    assert.equal(await show('../secret.key'), false);
    assert.equal(await show(path.join(exports, 'shop.html')), false);
    assert.deepEqual(await opened(running), [path.join(exports, 'shop.html')]);
  });

  await t.test('notifies only when nobody is looking', async () => {
    const notify = () => page.evaluate(() => window.djdesk?.notify({ title: 'Done', body: 'All of it', path: '/' }));
    const look = (/** @type {boolean} */ focused) => app.evaluate(({ BrowserWindow, Notification }, value) => {
      BrowserWindow.getAllWindows()[0].isFocused = () => value;
      return Notification.isSupported();
    }, focused);
    await look(true);
    assert.equal(await notify(), false);
    const supported = await look(false);
    assert.equal(await notify(), supported);
  });

  await t.test('refuses a permission nobody listed', async () => {
    const state = await page.evaluate(() => new Promise((resolve) => {
      navigator.geolocation.getCurrentPosition(() => resolve('granted'), (error) => resolve(error.code));
    }));
    assert.equal(state, 1);
    assert.equal(await page.evaluate(() => Notification.requestPermission()), 'denied');
  });

  await t.test('hands folders and files of the dialogs to the page, and its own entries in the menu', async () => {
    await app.evaluate(({ dialog }) => {
      dialog.showOpenDialog = async () => ({ canceled: false, filePaths: ['/home/ü/my shop'] });
    });
    assert.equal(await page.evaluate(() => window.djdesk?.chooseFolder?.()), '/home/ü/my shop');
    assert.deepEqual(await page.evaluate(() => window.djdesk?.chooseFiles?.({ extensions: ['regal'] })), ['/home/ü/my shop']);
    const refused = await page.evaluate(() => window.djdesk?.chooseFiles?.({ extensions: ['../x'] }).then(() => 'asked', () => 'refused'));
    assert.equal(refused, 'refused');
    await menu(running, 'add-shelf');
    // Nobody is listening yet: the message waits for the page.
    await page.evaluate(() => new Promise((resolve) => { window.djdesk?.onMenu('add-shelf', () => resolve(null)); }));
    const home = page.url();
    await menu(running, '/books/');
    await page.waitForURL(/\/books\/$/);
    await page.goto(home);
  });

  await t.test('finds in the page', async () => {
    await menu(running, 'find');
    const bar = await shellPage(running, 'find.html');
    assert.deepEqual(await bar.evaluate(() => ['djdeskFind', 'djdeskShell', 'djdesk'].map((name) => name in window)), [true, false, false]);
    await bar.fill('#words', 'needle');
    await bar.waitForFunction(() => /of 2$/.test(document.getElementById('count')?.textContent || ''));
    await bar.fill('#words', 'nothing like it');
    await bar.waitForFunction(() => document.getElementById('count')?.textContent === 'No match');
    await bar.press('#words', 'Escape').catch(() => {});
    await until(() => app.windows().length === 1);
  });

  await t.test('gives its page the real path of a folder that is dropped', { skip: cannotDrag() }, async () => {
    const folder = path.join(temporary(t), 'my shop é');
    fs.mkdirSync(folder);
    const dropped = page.evaluate(() => new Promise((resolve) => { window.djdesk?.onFolderDropped?.(resolve); }));
    const home = page.url();
    await drop(running, folder);
    assert.deepEqual(await dropped, [folder]);
    assert.equal(page.url(), home, 'the window did not go to the folder');
  });

  await t.test('zooms by the menu', async () => {
    const wide = await page.evaluate(() => window.innerWidth);
    await menu(running, 'zoom-in');
    await page.waitForFunction((before) => window.innerWidth < before, wide);
    await menu(running, 'zoom-reset');
    await page.waitForFunction((before) => window.innerWidth === before, wide);
  });

  await t.test('survives the end of the server with its page as it was', async () => {
    await page.fill('#field', 'half a sentence');
    const [{ pid, port }] = running.fake.starts('serve');
    running.fake.plan({ serve: { hold: true } });
    process.kill(pid, 'SIGKILL');
    const overlay = await shellPage(running, 'restarting.html');
    await overlay.waitForFunction(() => /ended by SIGKILL/.test(document.getElementById('more')?.textContent || ''));
    running.fake.plan({});
    await until(() => app.windows().length === 1, { what: 'the overlay to go' });
    assert.equal(await page.inputValue('#field'), 'half a sentence');
    assert.equal(running.fake.starts('serve')[1].port, port);
    // The new token is in use.
    assert.equal(await page.evaluate(() => fetch('/health/').then((answer) => answer.status)), 200);
  });

  await t.test('closes without leaving a process', async () => {
    const pids = [running.pid, ...running.fake.pids(), ...descendants(running.pid)];
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0].close());
    await until(() => pids.every((pid) => !alive(pid)), { what: 'no process left' });
  });
});

windowTest('a page that was reloaded while there was no server is loaded again', async (t) => {
  const running = await shown(t);
  await running.app.evaluate(({ BrowserWindow }) => {
    const { webContents } = BrowserWindow.getAllWindows()[0];
    Object.assign(globalThis, { loads: [] });
    const note = (/** @type {string} */ word) => /** @type {any} */ (globalThis).loads.push(word);
    webContents.on('did-fail-load', (_event, code) => note(String(code)));
    webContents.on('did-navigate', (_event, _url, status) => note(String(status)));
  });
  running.fake.plan({ serve: { hold: true } });
  process.kill(running.fake.starts('serve')[0].pid, 'SIGKILL');
  await shellPage(running, 'restarting.html');
  await menu(running, 'reload');
  const loads = () => running.app.evaluate(() => /** @type {any} */ (globalThis).loads.join(' '));
  await until(async () => (await loads()) === '-20');
  running.fake.plan({});
  await until(async () => (await loads()) === '-20 200').catch(async (error) => {
    throw new Error(`loads: ${await loads()}; log:\n${running.log()}`, { cause: error });
  });
  await close(running);
});

windowTest('size and place of the window are remembered', async (t) => {
  const dataDir = path.join(temporary(t), 'data ü');
  const first = await shown(t, { dataDir });
  await first.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0].setBounds({ x: 60, y: 40, width: 900, height: 640 }));
  await close(first);
  const saved = JSON.parse(fs.readFileSync(path.join(dataDir, 'state.json'), 'utf8'));
  const second = await shown(t, { dataDir });
  const bounds = await second.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0].getNormalBounds());
  assert.deepEqual(bounds, { x: 60, y: 40, width: 900, height: 640 });
  assert.equal(new URL(second.page.url()).port, String(saved.port), 'the web origin too');
  await close(second);
});

for (const signal of /** @type {NodeJS.Signals[]} */ (['SIGKILL', 'SIGINT', 'SIGTERM'])) {
  windowTest(`${signal} of the main process leaves no process`, async (t) => {
    const running = await shown(t);
    await until(() => running.fake.starts('worker').length === 1);
    const pids = [running.pid, ...running.fake.pids(), ...descendants(running.pid)];
    assert.ok(pids.length > 3);
    process.kill(running.pid, signal);
    await until(() => pids.every((pid) => !alive(pid)), { what: `no process left of ${pids}` });
  });
}

windowTest('an end that takes long is told, and still leaves no process', async (t) => {
  const running = await shown(t, { plan: { serve: { stubborn: true } } });
  const pids = [running.pid, ...running.fake.pids(), ...descendants(running.pid)];
  process.kill(running.pid, 'SIGTERM');
  const page = await shellPage(running, 'stopping.html');
  await page.waitForFunction(() => document.getElementById('status')?.textContent === 'Waiting for the server to finish…');
  await until(() => pids.every((pid) => !alive(pid)), { what: 'no process left' });
});

windowTest('a failed start is explained, and its buttons work', async (t) => {
  const failed = {
    stage: 'database', code: 'database_corrupt', reason: 'The database <b>is</b> damaged.', hint: 'Restore a backup.', detail: 'page 7 is malformed',
  };
  const running = await openShell(t, { plan: { serve: { failed } } });
  const page = await shellPage(running, 'error.html');
  await watchExternal(running);
  await page.waitForFunction(() => document.getElementById('reason')?.textContent !== '');
  assert.equal(await page.textContent('#reason'), failed.reason);
  assert.equal(await page.textContent('#hint'), failed.hint);
  assert.equal(await page.textContent('#stage'), 'Opening the database');
  assert.match(String(await page.textContent('#tail')), /serve is up to something/);
  assert.equal(await page.textContent('#detail'), failed.detail);

  await page.click('#logs');
  await until(async () => (await opened(running)).length === 1);
  assert.deepEqual(await opened(running), [path.join(running.dataDir, 'logs')]);
  assert.match(fs.readFileSync(path.join(running.dataDir, 'logs', 'shell.log'), 'utf8'), /database_corrupt/);

  await page.click('#copy');
  await page.waitForFunction(() => document.getElementById('note')?.textContent === 'Copied to the clipboard.');
  const copied = await running.app.evaluate(({ clipboard }) => clipboard.readText());
  assert.match(copied, /database_corrupt/);
  assert.ok(!copied.includes(running.fake.starts('serve')[0].token));

  running.fake.plan({});
  await page.click('#retry');
  await appShown(running);
  await close(running);
});

windowTest('Quit on the error page quits', async (t) => {
  const running = await openShell(t, { plan: { serve: { die: 3 } } });
  const page = await shellPage(running, 'error.html');
  await page.click('#quit').catch(() => {});
  await until(() => !alive(running.pid));
});

windowTest('a page that crashes is loaded again once, then explained', { skip: process.platform === 'win32' }, async (t) => {
  const running = await shown(t);
  const crash = async () => {
    // Zero would be our own process group.
    const pid = await until(() => running.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0].webContents.getOSProcessId()));
    process.kill(pid, 'SIGSEGV');
    return pid;
  };
  const url = () => running.app.evaluate(({ BrowserWindow }) => {
    const { webContents } = BrowserWindow.getAllWindows()[0];
    return webContents.isCrashed() || webContents.isLoading() ? '' : `${webContents.getOSProcessId()} ${webContents.getURL()}`;
  });
  const first = await crash();
  await until(async () => /^\d+ http:/.test(await url()) && !(await url()).startsWith(`${first} `), { what: () => `the app again; log:\n${running.log()}` });
  await crash();
  await until(async () => / app:\/\/shell\/error\.html$/.test(await url()), { what: () => `the error page; log:\n${running.log()}` });
  await close(running);
});

windowTest('a second start with the same data folder brings the first window to the front and ends', async (t) => {
  const running = await shown(t);
  await running.app.evaluate(({ app }) => {
    Object.assign(globalThis, { second: 0 });
    app.on('second-instance', () => { /** @type {any} */ (globalThis).second += 1; });
  });
  await assert.rejects(openShell(t, { dataDir: running.dataDir }));
  assert.equal(await running.app.evaluate(() => /** @type {any} */ (globalThis).second), 1);
  assert.equal(running.fake.starts('serve').length, 1);
  await close(running);
});

windowTest('a window on the real server and worker', { skip: noRealPython }, async (t) => {
  const running = await shown(t, { python: String(realPython()) });
  const { page, pid, app } = running;

  await t.test('shows its page, styled and scripted from our own origin', async () => {
    assert.equal(await page.evaluate(() => fetch('/health/').then((answer) => answer.status)), 200);
    assert.ok((await page.title()).length > 0);
    assert.equal(await page.evaluate(() => typeof window.djdesk?.chooseFolder), 'function');
  });

  await t.test('is back after the server was killed', { skip: process.platform !== 'linux' }, async () => {
    const server = descendants(pid).find((child) => commandLine(child).includes('djdesk.desktop\0serve'));
    assert.ok(server);
    process.kill(server, 'SIGKILL');
    await shellPage(running, 'restarting.html');
    await until(() => app.windows().length === 1, { what: () => `the app again; log:\n${running.log()}` });
    assert.equal(await page.evaluate(() => fetch('/health/').then((answer) => answer.status)), 200);
  });

  await t.test('tells the page after a sleep, so that it connects its live updates anew', async () => {
    await page.evaluate(() => { window.addEventListener('djdesk:resume', () => { document.body.dataset.awake = 'yes'; }); });
    await app.evaluate(({ powerMonitor }) => {
      powerMonitor.emit('suspend');
      powerMonitor.emit('resume');
    });
    await page.waitForSelector('body[data-awake="yes"]');
  });

  await t.test('saves the diagnostics that its own page offers', async () => {
    await menu(running, 'logs-page');
    await page.waitForSelector('a[download]');
    const file = path.join(running.fake.dir, 'diagnostics.zip');
    await app.evaluate(({ BrowserWindow }, place) => {
      BrowserWindow.getAllWindows()[0].webContents.session.once('will-download', (_event, item) => item.setSavePath(place));
    }, file);
    await page.evaluate(() => /** @type {HTMLElement} */ (document.querySelector('a[download]')).click());
    await until(() => fs.existsSync(file) && fs.readFileSync(file).subarray(-22, -18).toString('latin1') === 'PK\x05\x06', { what: () => `a whole zip; log:\n${running.log()}` });
  });

  await t.test('restores a backup from its own page: both children again, and the page', { skip: process.platform !== 'linux' }, async () => {
    const children = () => descendants(pid).filter((child) => commandLine(child).includes('djdesk.desktop\0'));
    await menu(running, 'data-page');
    await page.click('form[action$="/backup/"] button');
    await page.waitForSelector('summary');
    const before = children();
    assert.equal(before.length, 2);
    await page.click('summary');
    // It takes about a second.
    const overlay = shellPage(running, 'restarting.html');
    await page.click('form[action$="/restore/"] button', { noWaitAfter: true });
    await overlay;
    // The page under the overlay gets the message too, just before it navigates.
    await until(async () => new URL(page.url()).pathname === '/desktop/data/'
      && /The backup \S+ was restored/.test(await page.textContent('main', { timeout: 1000 }).catch(() => '') || ''), { what: () => `the word of it, not ${page.url()}; log:\n${running.log()}` });
    await until(() => app.windows().length === 1 && children().length === 2);
    assert.ok(before.every((child) => !children().includes(child)));
  });

  await t.test('leaves no process when it is killed itself', { skip: process.platform !== 'linux' }, async () => {
    const pids = [pid, ...descendants(pid)];
    assert.ok(pids.some((child) => commandLine(child).includes('djdesk.desktop\0worker')));
    process.kill(pid, 'SIGKILL');
    await until(() => pids.every((child) => !alive(child)), { what: 'no process left' });
  });
});

test('a script that starts the window with --no-open gets its line', { skip: skip || false }, async (t) => {
  const { line, pid } = await firstLine(t, ['--no-open']);
  const told = JSON.parse(line);
  assert.deepEqual([told.event, told.pid], ['ready', pid]);
  assert.match(told.url, /^http:\/\/127\.0\.0\.1:\d+\/$/);
});

if (skip) test('real windows', { skip }, () => {});
