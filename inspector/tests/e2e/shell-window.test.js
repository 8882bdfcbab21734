/** The inspector in the window: preferences, a dropped project, exports in their frame and folder. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after } from 'node:test';

import { cannotDrag, drop } from '../../../tests/e2e/real-drop.js';
import { appFile } from '../../../tests/e2e/support/app.js';
import { close, menu, opened, shown, watchExternal, windowTest } from '../../../tests/e2e/support/window-steps.js';
import { endDisplay } from '../../../tests/e2e/window.js';
import { temporary, until } from '../../../tests/electron/fixtures/harness.js';
import { noRealPython, realPython } from '../../../tests/electron/fixtures/processes.js';
import { INSPECTOR } from './support/pages.js';

after(endDisplay);

/** @param {import('node:test').TestContext} t */
const inspector = (t) => shown(t, { python: String(realPython()), appFile: appFile(INSPECTOR) });

/** @param {import('../../../tests/e2e/window.js').Running} running */
const theme = ({ app }) => app.evaluate(({ nativeTheme }) => nativeTheme.themeSource);

windowTest('the menu leads to the preferences of the app, and a theme and a language chosen there are the window\'s', { skip: noRealPython }, async (t) => {
  const running = await inspector(t);
  const { page, dataDir } = running;
  await menu(running, 'preferences');
  await until(() => new URL(page.url()).pathname === '/preferences/');
  await until(async () => (await page.title()).includes('Preferences'));
  // The title appears before the script that saves choices.
  await page.waitForLoadState('load');
  await page.check('#theme-dark');
  await page.waitForSelector('[data-status=appearance]:has-text("Saved")');
  await until(async () => await theme(running) === 'dark');
  await until(() => JSON.parse(fs.readFileSync(path.join(dataDir, 'state.json'), 'utf8')).theme === 'dark');
  await until(() => running.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0].getTitle().startsWith('Preferences')));
  const label = () => running.app.evaluate(({ Menu }) => Menu.getApplicationMenu()?.getMenuItemById('preferences')?.label);
  assert.match((await label()) || '', /^(Preferences|Settings)…$/);
  await page.check('#language-de');
  await until(async () => /^(Voreinstellungen|Einstellungen)…$/.test((await label()) || ''), { what: 'the menu to follow' });
  await page.waitForSelector('html[lang=de]');
  await page.click('#confirm-reset summary');
  await page.click('#confirm-reset button');
  await until(async () => await theme(running) === 'system', { what: 'the reset to reach the window' });
  await until(async () => /^(Preferences|Settings)…$/.test((await label()) || ''), { what: 'the menu to be as it was' });
  await close(running);
});

windowTest('the menu scans, goes, searches, and opens what was open before', { skip: noRealPython }, async (t) => {
  const running = await inspector(t);
  const { page } = running;
  page.setDefaultTimeout(30000);
  const recent = () => running.app.evaluate(({ Menu }) => {
    const item = Menu.getApplicationMenu()?.getMenuItemById('open-recent');
    return { enabled: item?.enabled, labels: item?.submenu?.items.map(({ label }) => label) };
  });
  assert.deepEqual(await recent(), { enabled: false, labels: [] });
  // The scripts must have loaded to listen.
  await page.waitForLoadState('load');
  await menu(running, 'scan');
  await page.waitForSelector('.notice:has-text("Open a project first.")');
  await page.click('form[action$="/sample/"] button');
  await page.waitForSelector('.scan-state .outcome.complete', { timeout: 40000 });
  const scans = () => page.locator('.run').count();
  await menu(running, 'go-runs');
  await page.waitForSelector('.page-runs .run');
  assert.equal(await scans(), 1);
  await page.waitForLoadState('load');
  await menu(running, 'scan');
  /** @type {Set<string>} */
  const said = new Set();
  await until(async () => {
    for (const text of await page.locator('.scan-state, .notice').allInnerTexts()) said.add(text);
    return await scans() === 2;
  }, { limitMs: 30000, what: () => `a second scan; the page said: ${[...said].join(' | ')}; log:\n${running.log()}` });
  await menu(running, 'search');
  await page.waitForSelector('#palette[open]');
  await page.keyboard.press('Escape');
  await menu(running, 'theme-dark');
  await until(async () => await theme(running) === 'dark');
  await until(async () => (await recent()).enabled === true);
  assert.deepEqual(await recent(), { enabled: true, labels: ['spokes'] });
  await menu(running, '/');
  await page.waitForSelector('.project-row');
  await running.app.evaluate(({ Menu }) => Menu.getApplicationMenu()?.getMenuItemById('open-recent')?.submenu?.items[0].click());
  await until(() => /\/projects\/\d+\/$/.test(new URL(page.url()).pathname));
  await close(running);
});

windowTest('a project folder dropped anywhere on the window is opened', { skip: noRealPython || cannotDrag() }, async (t) => {
  const running = await inspector(t);
  const { page } = running;
  const folder = path.join(temporary(t), 'shop é');
  fs.mkdirSync(path.join(folder, 'config'), { recursive: true });
  fs.writeFileSync(path.join(folder, 'manage.py'), 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")\n');
  fs.writeFileSync(path.join(folder, 'config', 'settings.py'), 'SECRET_KEY = "x"\nINSTALLED_APPS = []\n');
  await page.waitForSelector('[data-choose-folder]:not([hidden])');
  await drop(running, folder);
  await until(() => /\/projects\/\d+\/$/.test(page.url()), { what: () => `the project; log:\n${running.log()}` });
  assert.ok((await page.textContent('h1'))?.includes('shop é'));
  await until(() => running.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0].getTitle().includes('shop é')), { what: 'the title to follow' });
  await close(running);
});

windowTest('an export is made, shown in its frame, and pointed at in its folder', { skip: noRealPython }, async (t) => {
  const running = await inspector(t);
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
  // The frame's request included the token, or it would have been refused.
  assert.match((await frame.textContent('h1')) || '', /spokes/);
  assert.equal(await frame.evaluate(() => self.origin), 'null');

  await watchExternal(running);
  // The browser's version, until the script has detected the window.
  await until(async () => !(await page.isVisible('[data-instead-of-show]')), { what: 'the button of the window' });
  assert.equal(await page.isVisible('[data-drag-hint]'), true);
  assert.equal(await page.getAttribute('p[data-drag-export]', 'draggable'), 'true');
  await running.app.evaluate(({ BrowserWindow }) => {
    // The system performs the drag; tests/e2e/shell-drag.test.js does a real one.
    BrowserWindow.getAllWindows()[0].webContents.startDrag = ({ file }) => { Object.assign(globalThis, { dragged: file }); };
  });
  await page.dispatchEvent('p[data-drag-export]', 'dragstart');
  const dragged = await until(() => running.app.evaluate(() => /** @type {any} */ (globalThis).dragged), { what: 'the drag' });
  assert.match(path.relative(running.dataDir, dragged), /^exports.spokes-report-[\d-]+\.html$/);
  await page.click('[data-show-export]');
  await until(async () => (await opened(running)).length > 0);
  const [file] = await opened(running);
  assert.equal(path.dirname(file), path.join(running.dataDir, 'exports'));
  assert.match(path.basename(file), /^spokes-report-[\d-]+\.html$/);
  await close(running);
});
