/** Pages that hang, and downloads that pages offer. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after } from 'node:test';

import { temporary, until } from '../electron/fixtures/harness.js';
import { close, shellPage, shorten, shown, windowTest } from './support/window-steps.js';
import { endDisplay } from './window.js';

after(endDisplay);

/** @typedef {import('./window.js').Running} Running */

/** Makes the page's script hang and emits Chromium's event. @param {Running} running */
const hang = ({ app }) => app.evaluate(({ BrowserWindow }) => {
  const { webContents } = BrowserWindow.getAllWindows()[0];
  webContents.executeJavaScript('for (;;) {}').catch(() => {});
  // Chromium itself takes 15 s or more, and needs user input first.
  setTimeout(() => webContents.emit('unresponsive'), 50);
});

/**
 * Process id and URL of the page.
 * @param {Running} running @returns {Promise<{pid: number, url: string}>}
 */
const shownPage = ({ app }) => app.evaluate(({ BrowserWindow }) => {
  const { webContents } = BrowserWindow.getAllWindows()[0];
  const there = !webContents.isCrashed() && !webContents.isLoading();
  return { pid: there ? webContents.getOSProcessId() : 0, url: there ? webContents.getURL() : '' };
});

/** @param {Running} running @param {number} before */
const anew = (running, before) => until(async () => {
  const { pid, url } = await shownPage(running);
  return pid && pid !== before && url.startsWith('http:');
}, { what: () => `the app again; log:\n${running.log()}` });

windowTest('a page that hangs: wait, reload, then the error page', { skip: process.platform === 'win32' }, async (t) => {
  const running = await shown(t);
  const { app } = running;
  let { pid } = await shownPage(running);

  await hang(running);
  const bar = await shellPage(running, 'hung.html');
  assert.deepEqual(await bar.evaluate(() => ['djdeskHang', 'djdeskShell', 'djdesk'].map((name) => name in window)), [true, false, false]);
  await bar.click('#wait').catch(() => {});
  await until(() => app.windows().every((page) => !page.url().endsWith('hung.html')));
  assert.equal((await shownPage(running)).pid, pid, 'nothing was done to it');

  // The page recovers: the message disappears by itself.
  await app.evaluate(({ BrowserWindow }) => { BrowserWindow.getAllWindows()[0].webContents.emit('responsive'); });
  await app.evaluate(({ BrowserWindow }) => { BrowserWindow.getAllWindows()[0].webContents.emit('unresponsive'); });
  const again = await shellPage(running, 'hung.html');
  await again.click('#reload').catch(() => {});
  await anew(running, pid);

  await shorten(running, { 30000: 300 });
  ({ pid } = await shownPage(running));
  // The message is visible for only 300 ms: check the log instead.
  await hang(running);
  await anew(running, pid);
  assert.match(running.log(), /still does not answer: reload/);

  await hang(running);
  await until(async () => (await shownPage(running)).url === 'app://shell/error.html', { what: () => `the error page; log:\n${running.log()}` });
  assert.match(running.log(), /page_hung/);
  await close(running);
});

windowTest('a window that is not the shell\'s gets no token, though it lives in the same session', async (t) => {
  const running = await shown(t);
  const { app, page } = running;
  const status = await app.evaluate(async ({ BrowserWindow }, [address]) => {
    const stranger = new BrowserWindow({ show: false, webPreferences: { session: BrowserWindow.getAllWindows()[0].webContents.session } });
    const answer = new Promise((resolve) => { stranger.webContents.once('did-navigate', (_event, _url, code) => resolve(code)); });
    stranger.loadURL(address).catch(() => {});
    const code = await answer;
    stranger.destroy();
    return code;
  }, [page.url()]);
  assert.equal(status, 403);
  assert.equal(await page.evaluate(() => fetch('/health/').then((reply) => reply.status)), 200, 'ours still does');
  await close(running);
});

windowTest('files that the page offers are saved, others are not', async (t) => {
  const running = await shown(t);
  const { app, page } = running;
  const dir = temporary(t);
  await app.evaluate(({ BrowserWindow }, folder) => {
    Object.assign(globalThis, { saved: [] });
    BrowserWindow.getAllWindows()[0].webContents.session.on('will-download', (event, item) => {
      const name = item.getFilename();
      if (/** @type {any} */ (event).defaultPrevented) {
        /** @type {any} */ (globalThis).saved.push(`${name} refused`);
        return;
      }
      // Instead of the dialog.
      item.setSavePath(`${folder}/${name}`);
      item.once('done', (_event, outcome) => /** @type {any} */ (globalThis).saved.push(`${name} ${outcome}`));
    });
  }, dir);
  const saved = () => app.evaluate(() => /** @type {any} */ (globalThis).saved.join());
  /** @param {string} address @param {string} name */
  const offer = (address, name) => page.evaluate(([url, file]) => {
    const link = document.createElement('a');
    link.href = url === 'blob' ? URL.createObjectURL(new Blob(['made by the page'])) : url;
    link.download = file;
    link.click();
  }, [address, name]);

  await offer('blob', 'diagram.svg');
  await until(async () => (await saved()) === 'diagram.svg completed', { what: () => `the blob; log:\n${running.log()}` });
  assert.equal(fs.readFileSync(path.join(dir, 'diagram.svg'), 'utf8'), 'made by the page');

  await page.evaluate(() => document.getElementById('download')?.click());
  await until(async () => (await saved()).endsWith('report.zip completed'), { what: () => `the file of the server; log:\n${running.log()}` });
  assert.equal(fs.readFileSync(path.join(dir, 'report.zip'), 'utf8'), 'zip of the server');

  // Neither a foreign URL nor a data URL.
  await offer('https://example.org/x.zip', 'foreign.zip');
  await offer('data:text/plain,hello', 'hello.txt');
  await until(() => /download refused: data:/.test(running.log()), { what: () => `a refusal; log:\n${running.log()}` });
  assert.deepEqual(fs.readdirSync(dir).sort(), ['diagram.svg', 'report.zip']);
  assert.equal(await page.textContent('h1'), 'Fake app');
  await close(running);
});
