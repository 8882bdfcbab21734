/** A job of a real app in a real window: the user quits, comes back, and it resumes where it was. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after } from 'node:test';

import { alive, atEnd, until } from '../electron/fixtures/harness.js';
import { makeStaticFiles } from '../../scripts/setup/static-files.js';
import { appFile, PYTHON } from './support/app.js';
import { long, menu, shown, windowTest } from './support/window-steps.js';
import { endDisplay } from './window.js';

after(endDisplay);

windowTest('a job outlives the window that it was started in', { skip: long }, async (t) => {
  const top = mkdtempSync(path.join(tmpdir(), 'djdesk-jobs-window-'));
  atEnd(t, () => rmSync(top, { recursive: true, force: true }));
  execFileSync(PYTHON, ['-I', '-X', 'utf8', '-m', 'djdesk.cli', 'new', 'steel', '--in', top, '--example', 'simulation']);
  const folder = path.join(top, 'steel');
  const dataDir = path.join(top, 'data');
  await makeStaticFiles(folder);
  const options = { dataDir, appFile: appFile(folder), python: PYTHON };

  const first = await shown(t, options);
  const { page, app, pid } = first;
  await app.evaluate(({ BrowserWindow, dialog }) => {
    Object.assign(globalThis, { bars: [] });
    BrowserWindow.getAllWindows()[0].setProgressBar = (share) => { /** @type {any} */ (globalThis).bars.push(share); };
    dialog.showMessageBox = /** @type {any} */ (async (/** @type {any[]} */ ...args) => ({ response: args[args.length - 1].buttons.indexOf('Stop and Resume Next Time') }));
  });
  await page.click('text=Add the first one');
  await page.fill('[name=name]', 'Long');
  await page.fill('[name=draws]', '1000000');
  await page.fill('[name=plants]', '10');
  await page.click('text=Save');
  await page.click('button:has-text("Run")');
  await page.click('nav a:has-text("Jobs")');
  await page.click('h2 a:has-text("Simulation")');
  await page.waitForFunction(() => document.querySelector('[data-part=worked]')?.textContent);
  await until(async () => (await app.evaluate(() => /** @type {any} */ (globalThis).bars.length)) > 0, { what: 'the progress bar' });
  const address = new URL(page.url()).pathname;
  await menu(first, 'quit');
  await until(() => !alive(pid), { limitMs: 20000, what: 'the end' });

  const second = await shown(t, options);
  await second.page.goto(new URL(address, second.page.url()).href);
  await second.page.waitForSelector('.state.running', { timeout: 60000 });
  assert.match(await second.page.innerText('.facts'), /started 2 times/);
  // The page may learn of the end a moment before the window, which would then still ask.
  await second.app.evaluate(({ dialog }) => {
    dialog.showMessageBox = /** @type {any} */ (async (/** @type {any[]} */ ...args) => ({ response: args[args.length - 1].buttons.indexOf('Stop and Resume Next Time') }));
  });
  await second.page.click('button:has-text("Stop")');
  await second.page.waitForSelector('.state.stopped');
  await menu(second, 'quit');
  await until(() => !alive(second.pid), { limitMs: 20000, what: 'the second end' });
});
