/** Events that only macOS sends to an app; here the test sends them. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after } from 'node:test';

import { temporary, until } from '../electron/fixtures/harness.js';
import { close, shown, windowTest } from './support/window-steps.js';
import { endDisplay } from './window.js';

after(endDisplay);

windowTest('a folder dropped on the icon in the Dock reaches the page; a file of no kind of the app does not', async (t) => {
  const running = await shown(t);
  const folder = path.join(temporary(t), 'projëct');
  fs.mkdirSync(folder);
  fs.writeFileSync(`${folder}.txt`, '');
  const opened = (/** @type {string} */ place) => running.app.evaluate(({ app }, file) => { app.emit('open-file', { preventDefault() {} }, file); }, place);
  await opened(`${folder}.txt`);
  await opened(folder);
  await running.page.evaluate(() => {
    const all = /** @type {any} */ (window);
    all.dropped = [];
    window.djdesk?.onFolderDropped?.((paths) => all.dropped.push(...paths));
  });
  const dropped = () => running.page.evaluate(() => /** @type {any} */ (window).dropped);
  await until(async () => (await dropped()).length > 0, { what: 'the folder that came before the page listened' });
  await opened(folder);
  await until(async () => (await dropped()).length > 1, { what: 'the folder that came afterwards' });
  assert.deepEqual(await dropped(), [folder, folder]);
  await close(running);
});

windowTest('a click on the icon in the Dock shows the window that is hidden', async (t) => {
  const running = await shown(t);
  const visible = () => running.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0].isVisible());
  await running.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0].hide());
  assert.equal(await visible(), false);
  await running.app.evaluate(({ app }) => { app.emit('activate'); });
  await until(visible, { what: 'the window to be shown' });
  await close(running);
});
