/** Windows and dialogs opened by pages, as in a browser. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after } from 'node:test';

import { temporary, until } from '../electron/fixtures/harness.js';
import { cannotDrag as noXdotool } from './real-drop.js';
import { close, escape, menu, onScreen, shellPage, shown, windowTest } from './support/window-steps.js';
import { endDisplay } from './window.js';

after(endDisplay);

/** @typedef {import('./window.js').Running} Running */
/** @typedef {import('playwright-core').Page} Page */

/**
 * The window that an action opens, once its page has loaded.
 * @param {Running} running @param {() => Promise<unknown>} act @returns {Promise<Page>}
 */
async function opens({ app, log }, act) {
  const before = new Set(app.windows());
  await act();
  return until(() => app.windows().find((page) => !before.has(page) && !page.url().startsWith('app:')), { what: () => `a window; log:\n${log()}` });
}

/** @param {Page} page */
const status = (page) => page.evaluate(() => fetch('/health/').then((answer) => answer.status));
/** @param {Running} running */
const windows = ({ app }) => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length);

windowTest('windows that a page opens are real ones, with the same guards and functions', async (t) => {
  const running = await shown(t);
  const { app, page, log } = running;
  await page.evaluate(() => {
    document.body.insertAdjacentHTML('beforeend', '<a id="own" href="/other/">own</a><a id="target" href="/target/" target="_blank">target</a>'
      + '<form id="form" method="post" action="/form/" target="_blank"><button>send</button></form>');
  });
  const home = page.url();

  await t.test('window.open: opener, answer and closing by the page', async () => {
    const popup = await opens(running, () => page.evaluate(() => { Object.assign(window, { child: window.open('/popup/', 'add', 'width=500,height=400') }); }));
    await popup.waitForFunction(() => document.getElementById('where')?.textContent === '/popup/');
    assert.equal(await status(popup), 200, 'with the token');
    assert.equal(await popup.evaluate(() => ['require', 'process', 'ipcRenderer'].some((name) => name in window)), false);
    // What the admin does to return the new object.
    await popup.evaluate(() => { window.opener.document.title = `from ${window.name}`; window.close(); });
    await until(async () => (await windows(running)) === 1);
    assert.equal(await page.title(), 'from add');
    assert.equal(await page.evaluate(() => /** @type {any} */ (window).child.closed), true);
    assert.equal(running.fake.starts('serve').length, 1, 'the app goes on');
  });

  for (const [name, selector, how, where] of /** @type {[string, string, object, string][]} */ ([
    ['a click with Ctrl', '#own', { modifiers: [process.platform === 'darwin' ? 'Meta' : 'Control'] }, '/other/'],
    ['a middle click', '#own', { button: 'middle' }, '/other/'],
    ['target=_blank', '#target', {}, '/target/'],
    ['a form with a target', '#form button', {}, '/form/'],
  ])) {
    await t.test(name, async () => {
      const tab = await opens(running, () => page.click(selector, { ...how, noWaitAfter: true }));
      await tab.waitForFunction((to) => document.getElementById('where')?.textContent === to, where);
      assert.equal(await status(tab), 200);
      assert.equal(page.url(), home, 'the page stays');
      assert.equal(await tab.evaluate(() => typeof window.djdesk?.notify), 'function');
      await tab.close();
      await until(async () => (await windows(running)) === 1);
    });
  }

  await t.test('an empty window that the page writes into', async () => {
    const report = await opens(running, () => page.evaluate(() => {
      const child = /** @type {Window} */ (window.open('', '_blank'));
      child.document.write('<h1>Report</h1>');
      child.document.close();
    }));
    assert.equal(await report.textContent('h1'), 'Report');
    await report.close();
  });

  await t.test('a preview that the page made (blob:)', async () => {
    const preview = await opens(running, () => page.evaluate(() => {
      window.open(URL.createObjectURL(new Blob(['<h1>Preview</h1>'], { type: 'text/html' })));
    }));
    await preview.waitForSelector('h1');
    assert.equal(await preview.textContent('h1'), 'Preview');
    await preview.close();
  });

  await t.test('a window that was opened for a file goes when the file is saved', async () => {
    const file = path.join(temporary(t), 'report.zip');
    await app.evaluate(({ BrowserWindow }, place) => {
      BrowserWindow.getAllWindows()[0].webContents.session.once('will-download', (_event, item) => item.setSavePath(place));
    }, file);
    await page.evaluate(() => { window.open('/report.zip'); });
    await until(() => fs.existsSync(file) && fs.readFileSync(file, 'utf8') === 'zip of the server', { what: () => `the file; log:\n${log()}` });
    await until(async () => (await windows(running)) === 1, { what: 'the empty window to go' });
  });

  await t.test('goes nowhere else from there', async () => {
    const popup = await opens(running, () => page.evaluate(() => { window.open('/popup/'); }));
    await popup.waitForFunction(() => document.getElementById('where')?.textContent === '/popup/');
    await popup.evaluate(() => { location.href = 'http://127.0.0.1:1/astray'; });
    await until(() => /navigation refused: http:\/\/127\.0\.0\.1:1\/astray/.test(log()));
    await shellPage(running, /^app:\/\/shell\/notice\.html#.*astray/);
    assert.equal(new URL(popup.url()).pathname, '/popup/');
    await app.evaluate(({ BrowserWindow }) => { BrowserWindow.getAllWindows().find((one) => one.webContents.getURL().endsWith('/popup/'))?.close(); });
    await until(async () => (await windows(running)) === 1);
  });

  await close(running);
});

windowTest('prompt() asks in a dialog of the shell, and the page waits', async (t) => {
  const running = await shown(t);
  const { page, app } = running;
  const ask = () => page.evaluate(() => window.prompt('Which shelf?', 'A 1'));

  let answer = ask();
  let dialog = await shellPage(running, /^app:\/\/shell\/prompt\.html/);
  assert.equal(await dialog.textContent('#message'), 'Which shelf?');
  assert.equal(await dialog.inputValue('#value'), 'A 1');
  await dialog.fill('#value', 'B 2 é');
  await dialog.click('#ok').catch(() => {});
  assert.equal(await answer, 'B 2 é');

  answer = ask();
  dialog = await shellPage(running, /^app:\/\/shell\/prompt\.html/);
  await dialog.click('#cancel').catch(() => {});
  assert.equal(await answer, null, 'cancelled');

  answer = ask();
  await shellPage(running, /^app:\/\/shell\/prompt\.html/);
  await app.evaluate(({ BrowserWindow }) => { BrowserWindow.getAllWindows().find((one) => one.webContents.getURL().includes('prompt.html'))?.close(); });
  assert.equal(await answer, null, 'its window was closed');
  assert.equal(await page.evaluate(() => fetch('/health/').then((reply) => reply.status)), 200, 'the app goes on');

  // A window that a script writes into has only a plain browser's functions, without prompt().
  const report = await opens(running, () => page.evaluate(() => {
    /** @type {Window} */ (window.open('', '_blank')).document.write('<h1>Report</h1>');
  }));
  report.on('dialog', (one) => { one.dismiss().catch(() => {}); });
  assert.deepEqual(await report.evaluate(() => [typeof window.djdesk, window.prompt('Which shelf?', 'A 1')]), ['undefined', null]);
  await report.close();
  await close(running);
});

for (const [name, print] of /** @type {[string, (running: Running) => Promise<unknown>][]} */ ([
  ['window.print()', ({ page }) => page.evaluate(() => { setTimeout(() => window.print()); })],
  ['Print of the menu', (running) => menu(running, 'print')],
])) {
  windowTest(`${name} opens the dialog of the system, and the page goes on after it`, { skip: noXdotool() }, async (t) => {
    const running = await shown(t);
    const { page, app } = running;
    const ours = await until(() => (onScreen(running).length === 1 ? onScreen(running) : null), { what: 'the window on the screen' });
    await page.evaluate(() => { window.addEventListener('afterprint', () => { document.title = 'after the dialog'; }); });
    await print(running);
    const dialog = await until(() => onScreen(running).find((one) => !ours.includes(one)), { what: 'the dialog' });
    assert.notEqual(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0].getTitle()), 'after the dialog', 'the page waits');
    escape(running, dialog);
    await page.waitForFunction(() => document.title === 'after the dialog');
    assert.deepEqual(onScreen(running), ours);
    assert.equal(await status(page), 200);
    assert.equal(running.fake.starts('serve').length, 1, 'the app goes on');
    await close(running);
  });
}
