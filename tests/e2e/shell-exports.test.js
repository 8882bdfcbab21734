/** Exports in the window: the real app, its frame, and the system's file manager. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { after } from 'node:test';

import { until } from '../electron/fixtures/harness.js';
import { noRealPython, realPython } from '../electron/fixtures/processes.js';
import { close, opened, watchExternal, windowTest } from './support/window-steps.js';
import { endDisplay, openShell } from './window.js';

after(endDisplay);

windowTest('an export is made, shown in its frame, and pointed at in its folder', { skip: noRealPython }, async (t) => {
  const running = await openShell(t, { python: String(realPython()) });
  const { page } = running;
  page.setDefaultTimeout(30000);
  const shows = (/** @type {string} */ selector) => until(
    () => page.evaluate((wanted) => Boolean(document.querySelector(wanted)), selector).catch(() => false),
    { limitMs: 40000, what: () => `${selector} on ${page.url()}; log:\n${running.log()}` },
  );
  await shows('form[action$="/sample/"] button');
  await page.click('form[action$="/sample/"] button');
  await shows('.scan-state .outcome.complete');
  await page.click('#rail a[href$="/exports/"]');
  await shows('#create button[type=submit]');
  await page.click('#create button[type=submit]');
  await shows('#exports td.name a');
  await page.click('#exports td.name a');
  await shows('#export-frame');
  const frame = await until(() => page.frames().find((one) => one.url().endsWith('/content/')));
  // The token went along with the frame's own request, or this would be a refusal.
  assert.match((await frame.textContent('h1')) || '', /spokes/);
  assert.equal(await frame.evaluate(() => self.origin), 'null');

  await watchExternal(running);
  assert.equal(await page.isVisible('[data-instead-of-show]'), false);
  await page.click('[data-show-export]');
  await until(async () => (await opened(running)).length > 0);
  const [file] = await opened(running);
  assert.equal(path.dirname(file), path.join(running.dataDir, 'exports'));
  assert.match(path.basename(file), /^spokes-report-[\d-]+\.html$/);
  await close(running);
});
