/** What users expect of any window: a theme without a flash, back and forward, a context menu for text. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after } from 'node:test';

import { temporary, until } from '../electron/fixtures/harness.js';
import { close, menu, shown, windowTest } from './support/window-steps.js';
import { endDisplay, openShell } from './window.js';

after(endDisplay);

/** @typedef {import('./window.js').Running} Running */

/** @param {Running} running */
const painted = ({ app }) => app.evaluate(({ BrowserWindow, nativeTheme }) => ({
  source: nativeTheme.themeSource,
  dark: nativeTheme.shouldUseDarkColors,
  // Older versions do not expose it.
  background: 'getBackgroundColor' in BrowserWindow.prototype ? BrowserWindow.getAllWindows()[0].getBackgroundColor() : '',
}));

windowTest('a forced theme is there before the first page, and at the next start before any page', async (t) => {
  const dataDir = path.join(temporary(t), 'data');
  const first = await shown(t, { dataDir });
  await first.page.emulateMedia({ colorScheme: null });
  const dark = () => first.page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches);
  const before = await dark();
  for (const theme of ['pink', '', 'system; rm', '__proto__']) {
    assert.equal(await first.page.evaluate((name) => window.djdesk?.setTheme(name).then(() => 'set', () => 'refused'), theme), 'refused', theme);
  }
  await first.page.evaluate((name) => window.djdesk?.setTheme(name), before ? 'light' : 'dark');
  await until(async () => (await dark()) !== before, { what: 'the page to follow' });
  await close(first);
  assert.equal(JSON.parse(fs.readFileSync(path.join(dataDir, 'state.json'), 'utf8')).theme, before ? 'light' : 'dark');

  const second = await openShell(t, { dataDir, plan: { serve: { stageMs: 300 } } });
  const { source, dark: isDark, background } = await painted(second);
  assert.deepEqual([source, isDark], [before ? 'light' : 'dark', !before]);
  if (background) assert.equal(background.toLowerCase().slice(0, 7), before ? '#f5f6f8' : '#111318');
  await second.page.emulateMedia({ colorScheme: null });
  assert.equal(second.page.url(), 'app://shell/splash.html');
  assert.equal(await second.page.evaluate(() => getComputedStyle(document.body).backgroundColor), before ? 'rgb(245, 246, 248)' : 'rgb(17, 19, 24)');
  await close(second);
});

windowTest('back and forward move within the app and never to a page of the shell', async (t) => {
  const running = await shown(t);
  const { page, app } = running;
  const where = () => new URL(page.url()).pathname;
  await page.goto(`${new URL(page.url()).origin}/a/`);
  await page.goto(`${new URL(page.url()).origin}/b/`);
  await menu(running, 'back');
  await until(() => where() === '/a/');
  await app.evaluate(({ BrowserWindow }) => { BrowserWindow.getAllWindows()[0].emit('app-command', {}, 'browser-backward'); });
  await until(() => where() === '/');
  await menu(running, 'back');
  await menu(running, 'forward');
  await until(() => where() === '/a/');
  await app.evaluate(({ BrowserWindow }) => { BrowserWindow.getAllWindows()[0].emit('app-command', {}, 'browser-forward'); });
  await until(() => where() === '/b/');
  await menu(running, 'preferences');
  await until(() => where() === '/desktop/preferences/');
  await close(running);
});

windowTest('a click with the other button offers what fits the place', async (t) => {
  const running = await shown(t);
  const { page, app } = running;
  await app.evaluate(({ Menu, clipboard }) => {
    clipboard.writeText('');
    Object.assign(globalThis, { menus: [] });
    // Instead of a real menu, which would wait for the user.
    Menu.prototype.popup = function popup() { /** @type {any} */ (globalThis).menus.push(this); };
  });
  const menus = () => app.evaluate(() => /** @type {any} */ (globalThis).menus
    .map((/** @type {any} */ one) => one.items.map((/** @type {any} */ item) => item.role || item.label || '-').join(' ').toLowerCase()));
  await page.click('#field', { button: 'right' });
  await until(async () => (await menus()).length === 1);
  assert.deepEqual(await menus(), ['undo redo - cut copy paste - selectall']);
  await page.click('#foreign', { button: 'right' });
  await until(async () => (await menus()).length === 2);
  assert.match((await menus())[1], /copy link address$/);
  await app.evaluate(() => { const all = /** @type {any} */ (globalThis).menus; const { items } = all[all.length - 1]; items[items.length - 1].click(); });
  assert.equal(await app.evaluate(({ clipboard }) => clipboard.readText()), 'https://example.org/');
  // A place without items shows no menu; the next one that has some proves that the click was handled.
  await page.click('#post', { button: 'right' });
  await page.click('#field', { button: 'right' });
  await until(async () => (await menus()).length === 3);
  await close(running);
});
