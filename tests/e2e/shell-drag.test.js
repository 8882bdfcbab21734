/** A file from the exports folder, dragged out of the window with the system's own drag and drop. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after } from 'node:test';

import { until } from '../electron/fixtures/harness.js';
import { cannotDrag, dragTo } from './real-drop.js';
import { close, shown, windowTest } from './support/window-steps.js';
import { endDisplay } from './window.js';

after(endDisplay);

/** @param {import('playwright-core').Page} page @param {string} name */
const has = (page, name) => page.evaluate((wanted) => Boolean(/** @type {any} */ (window)[wanted]), name);

windowTest('an export is dragged into another program, and nothing else is', { skip: cannotDrag() }, async (t) => {
  const running = await shown(t);
  const { app, page, dataDir } = running;
  const folder = path.join(dataDir, 'exports');
  fs.mkdirSync(path.join(folder, 'inner'), { recursive: true });
  fs.writeFileSync(path.join(folder, 'shop.csv'), 'model,rows\n');
  fs.writeFileSync(path.join(dataDir, 'secret.key'), 'secret');
  fs.symlinkSync(path.join(dataDir, 'secret.key'), path.join(folder, 'link.csv'));

  await t.test('what is no file of the folder is refused', async () => {
    const drag = (/** @type {string} */ name) => page.evaluate((wanted) => window.djdesk?.dragExport?.(wanted), name);
    for (const name of ['gone.csv', '../secret.key', 'link.csv', 'inner', path.join(folder, 'shop.csv'), '', '.']) assert.equal(await drag(name), false, name);
  });

  await t.test('another program gets the file itself', async () => {
    await page.evaluate(() => {
      const handle = document.createElement('div');
      handle.draggable = true;
      handle.style.cssText = 'position: fixed; inset: 100px auto auto 100px; width: 200px; height: 100px';
      handle.addEventListener('dragstart', (event) => {
        event.preventDefault();
        window.djdesk?.dragExport?.('shop.csv');
      });
      document.body.append(handle);
      // Dropped back on the window itself, it must not be opened.
      window.djdesk?.onFolderDropped?.((paths) => { document.title = `dropped ${paths}`; });
    });
    // Another program's window: it reads the dropped data as a file manager does.
    const opened = app.waitForEvent('window');
    await app.evaluate(async ({ BrowserWindow, session }) => {
      // Beside it, because pressing the mouse button raises the window.
      const [main] = BrowserWindow.getAllWindows();
      main.setMinimumSize(300, 300);
      main.setBounds({ x: 0, y: 0, width: 700, height: 600 });
      const window = new BrowserWindow({ x: 900, y: 600, width: 240, height: 200, frame: false, webPreferences: { session: session.fromPartition('drop-target') } });
      Object.assign(globalThis, { dropTarget: window });
      await window.loadURL('data:text/html,<title>target</title><body style="background:teal">');
    });
    const target = await opened;
    await target.evaluate(() => {
      window.addEventListener('dragover', (event) => { event.preventDefault(); Object.assign(window, { over: true }); });
      window.addEventListener('drop', async (event) => {
        event.preventDefault();
        const file = event.dataTransfer?.files[0];
        Object.assign(window, { got: file ? `${file.name}: ${await file.text()}` : 'nothing' });
      });
    });
    await until(() => page.evaluate(() => window.innerWidth <= 700), { what: 'the smaller window' });
    const from = await page.evaluate(() => ({ x: window.screenX + (window.outerWidth - window.innerWidth) / 2 + 200, y: window.screenY + (window.outerHeight - window.innerHeight) + 150 }));
    // Evaluated in the pages: the main process is blocked during a drag.
    await dragTo(running, from, { x: 1000, y: 700 }, () => has(target, 'over'));
    await until(() => has(target, 'got'), { what: 'the file' });
    const got = await target.evaluate(() => /** @type {any} */ (window).got);
    assert.equal(got, 'shop.csv: model,rows\n');
    assert.ok(fs.existsSync(path.join(folder, 'shop.csv')), 'it stays where it is');
  });

  await t.test('let go over the window itself, it is nothing to open', async () => {
    await app.evaluate(() => /** @type {any} */ (globalThis).dropTarget.destroy());
    await page.evaluate(() => {
      for (const name of ['drop', 'dragover']) window.addEventListener(name, () => { Object.assign(window, { [name]: true }); }, { capture: true });
    });
    const at = await page.evaluate(() => ({ x: window.screenX + (window.outerWidth - window.innerWidth) / 2, y: window.screenY + (window.outerHeight - window.innerHeight) }));
    await dragTo(running, { x: at.x + 200, y: at.y + 150 }, { x: at.x + 400, y: at.y + 350 }, () => has(page, 'dragover'));
    await until(() => has(page, 'drop'), { what: 'the drop' });
    assert.doesNotMatch(await page.title(), /dropped/);
  });
  await close(running);
});
