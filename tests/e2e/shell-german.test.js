/**
 * The window in German: menu, dialogs, the shell's own pages, and the Python side's errors at a failed start.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after } from 'node:test';

import { temporary, until } from '../electron/fixtures/harness.js';
import { close, shellPage, shown, windowTest } from './support/window-steps.js';
import { endDisplay, openShell } from './window.js';

after(endDisplay);

/** @param {import('./window.js').Running} running */
const labels = ({ app }) => app.evaluate(({ Menu }) => (Menu.getApplicationMenu()?.items || []).flatMap((top) =>
  [top.label, ...(top.submenu?.items || []).filter((item) => item.type !== 'separator').map((item) => item.label)]));

const ENGLISH = /\b(File|Edit|View|Window|Help|Open|Close|Undo|Copy|Paste|Quit|Exit|Zoom In|Reload|About|Toggle)\b/;

windowTest('the language that the app names is there at once, and at the next start before any page', async (t) => {
  const dataDir = path.join(temporary(t), 'data');
  const first = await shown(t, { dataDir, args: ['--lang=en-US'] });
  assert.ok((await labels(first)).includes('&File'));
  for (const language of ['tlh', '', 'de; rm', '__proto__']) {
    assert.equal(await first.page.evaluate((name) => window.djdesk?.setLanguage(name).then(() => 'set', () => 'refused'), language), 'refused', language);
  }
  await first.page.evaluate(() => window.djdesk?.setLanguage('de'));
  await until(async () => (await labels(first)).includes('&Datei'), { what: 'a German menu' });
  const german = await labels(first);
  assert.deepEqual(german.filter((label) => ENGLISH.test(label)), []);
  assert.ok(german.length > 35, german.join(', '));
  assert.ok(german.includes('Hilfe zu Bücher && Regale') && german.includes('Regal anlegen…'), german.join(', '));
  // Enabled like the item before it.
  assert.ok(await first.app.evaluate(({ Menu }) => Menu.getApplicationMenu()?.getMenuItemById('data-page')?.enabled));
  await first.app.evaluate(({ dialog }) => {
    dialog.showOpenDialog = /** @type {any} */ (async (/** @type {unknown} */ _window, /** @type {object} */ options) => {
      Object.assign(globalThis, { asked: options });
      return { canceled: true, filePaths: [] };
    });
  });
  assert.equal(await first.page.evaluate(() => window.djdesk?.chooseFolder?.()), null);
  assert.equal(await first.app.evaluate(() => /** @type {any} */ (globalThis).asked.title), 'Ordner öffnen');
  await close(first);
  assert.equal(JSON.parse(fs.readFileSync(path.join(dataDir, 'state.json'), 'utf8')).language, 'de');

  const second = await openShell(t, { dataDir, args: ['--lang=en-US'], plan: { serve: { stageMs: 400 } } });
  assert.equal(second.page.url(), 'app://shell/splash.html');
  assert.equal(await second.page.getAttribute('html', 'lang'), 'de');
  await second.page.waitForSelector('#status:text-matches("wird|werden")');
  await close(second);
});

windowTest('a failed start in German: what happened, what to do, and every button', async (t) => {
  const dataDir = path.join(temporary(t), 'data');
  fs.mkdirSync(dataDir, { mode: 0o700 });
  fs.writeFileSync(path.join(dataDir, 'state.json'), JSON.stringify({ language: 'de' }));
  const hint = 'Check the disk, then start again. The log has the details.';
  const by = { id: 'another program', params: {} };
  const failed = {
    stage: 'database', code: 'database_locked', reason: 'The database /ü/The database. Old is locked by another program.', hint, detail: 'database is locked',
    messages: { reason: { id: 'The database {path} is locked by {by_text}.', params: { path: '/ü/The database. Old', by_text: by } }, hint: { id: hint, params: {} } },
  };
  const running = await openShell(t, { dataDir, plan: { serve: { failed } } });
  const page = await shellPage(running, 'error.html');
  await page.waitForSelector('#stage:has-text("Datenbank")');
  assert.equal(await page.getAttribute('html', 'lang'), 'de');
  assert.equal(await page.textContent('#title'), 'Bücher & Regale konnte nicht starten');
  assert.equal(await page.textContent('#reason'), 'Die Datenbank /ü/The database. Old ist gesperrt durch: ein anderes Programm.');
  assert.equal(await page.textContent('#hint'), 'Prüfen Sie den Datenträger, und starten Sie noch einmal. Einzelheiten stehen im Protokoll.');
  assert.equal(await page.textContent('#detail'), 'database is locked');
  const buttons = await page.$$eval('button', (all) => all.map((button) => button.textContent));
  assert.ok(buttons.includes('Erneut versuchen') && buttons.includes('Sicherung wiederherstellen…'));
  assert.deepEqual(buttons.filter((label) => /Retry|Restore|Open|Quit|Copy/.test(label || '')), []);
  await page.click('#copy');
  await page.waitForSelector('#note:has-text("In die Zwischenablage kopiert.")');
  // Reports stay in English.
  assert.match(await running.app.evaluate(({ clipboard }) => clipboard.readText()), /is locked by another program\.\nCheck the disk/);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(wide <= 0);
  await close(running);
});
