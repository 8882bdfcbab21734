/** Preferences and the editor, in a real browser. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import { missing, PYTHON } from '../../../tests/e2e/support/app.js';
import { Pages } from './support/pages.js';
import { write } from './support/project.js';

describe('preferences', { skip: missing() || false }, () => {
  const pages = new Pages();
  /** @type {string} */
  let root;
  /** @type {string} */
  let address;
  before(async () => {
    await pages.start();
    root = pages.project();
    address = await pages.open(root);
  });
  after(() => pages.stop());

  test('a dark page is dark from its first frame, whatever the system says', async () => {
    const { page, app } = pages.ready;
    await page.emulateMedia({ colorScheme: 'light' });
    await page.goto(`${app.origin}/preferences/`);
    await pages.axe('preferences');
    await page.check('#theme-dark');
    await page.waitForSelector('html[data-theme=dark]');
    await page.check('#density-compact');
    await page.waitForSelector('html[data-density=compact]');
    await page.waitForSelector('[data-status=appearance]:has-text("Saved")');
    const color = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    assert.equal(await color(), 'rgb(26, 30, 37)', 'at once, without loading the page again');
    await page.reload();
    assert.equal(await color(), 'rgb(26, 30, 37)');
    await page.goto(`${app.origin}/desktop/data/`);
    assert.notEqual(await color(), 'rgb(255, 255, 255)');
    await page.goto(`${app.origin}/preferences/`);
    await page.check('#theme-light');
    await page.waitForSelector('html[data-theme=light]');
    await page.emulateMedia({ colorScheme: 'dark' });
    assert.equal(await color(), 'rgb(255, 255, 255)');
    await page.emulateMedia({ colorScheme: 'light' });
  });

  test('without an editor a place is copied; with one it is opened, and copied with Alt', async () => {
    const { page, app } = pages.ready;
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.goto(`${address}code/`);
    await page.goto(`${address}models/?model=area01.Item01`);
    await page.click('#detail .detail-head .place');
    await page.waitForSelector('.notice:has-text("Copied")');
    assert.match(await page.evaluate(() => navigator.clipboard.readText()), /area01\/models\.py:\d+$/);

    const folder = path.dirname(root);
    const out = path.join(folder, 'called.txt');
    write(folder, 'editor.py', 'import sys\nopen(sys.argv[1], "w").write("|".join(sys.argv[2:]))\n');
    await page.goto(`${app.origin}/preferences/`);
    await page.selectOption('#id_editor', 'custom');
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'id_editor_command');
    assert.equal(await page.isVisible('#error-editor_command'), false, 'nothing to complain about yet');
    await page.fill('#id_editor_command', 'bash -c {file}');
    await page.press('#id_editor_command', 'Tab');
    await page.waitForSelector('#error-editor_command:has-text("runs other commands")');
    await pages.axe('preferences with an error');
    await page.fill('#id_editor_command', `"${PYTHON}" "${folder}/editor.py" "${out}" {file} {line}`);
    await page.press('#id_editor_command', 'Enter');
    await page.waitForSelector('[data-status=editor]:has-text("Saved")');
    assert.equal(await page.isVisible('#error-editor_command'), false);
    await page.goto(`${address}models/?model=area01.Item01`);
    await page.click('#detail .detail-head .place', { modifiers: ['Alt'] });
    await page.waitForSelector('.notice:has-text("Copied")');
    assert.equal(existsSync(out), false);
    await page.click('#detail .detail-head .place');
    await page.waitForSelector('.notice:has-text("Opened in")');
    assert.match(readFileSync(out, 'utf8'), /area01\/models\.py\|\d+$/);
  });

  test('a number out of its range is told at its field, and what was stored stays', async () => {
    const { page, app } = pages.ready;
    await page.goto(`${app.origin}/preferences/`);
    await page.fill('#id_scan_limit', '3');
    await page.press('#id_scan_limit', 'Tab');
    await page.waitForSelector('#error-scan_limit:has-text("10")');
    assert.equal(await page.getAttribute('#id_scan_limit', 'aria-invalid'), 'true');
    await page.reload();
    assert.equal(await page.inputValue('#id_scan_limit'), '300');
    await page.fill('#id_backups_kept', '8');
    await page.press('#id_backups_kept', 'Tab');
    await page.waitForSelector('[data-status=backups]:has-text("Saved")');
    await page.goto(`${app.origin}/desktop/data/`);
    assert.match((await page.textContent('main')) || '', /It keeps the latest 8/);
  });

  test('a choice that does not reach the server says so', async () => {
    const { page, app } = pages.ready;
    await page.goto(`${app.origin}/preferences/`);
    await page.route('**/preferences/', (route) => (route.request().method() === 'POST' ? route.abort() : route.continue()));
    await page.uncheck('#id_notify');
    await page.waitForSelector('.notice:has-text("did not reach the server")');
    assert.equal(await page.textContent('[data-status=notifications]'), '');
    await page.unroute('**/preferences/');
    pages.complaints.splice(0, pages.complaints.length, ...pages.complaints.filter((line) => !line.includes('ERR_FAILED')));
  });

  test('a folder whose projects are trusted is added, refused, and removed', async () => {
    const { page, app } = pages.ready;
    await page.goto(`${app.origin}/preferences/`);
    await page.fill('#id_path', '/');
    await page.press('#id_path', 'Enter');
    await page.waitForSelector('#error-path:has-text("far more than your projects")');
    await page.fill('#id_path', path.dirname(root));
    await page.press('#id_path', 'Enter');
    await page.waitForSelector('.folder-list li');
    await pages.axe('preferences with a trusted folder');
    await page.check('#trust-never');
    await page.waitForSelector('[data-status=running]:has-text("Saved")');
    assert.equal(await page.isVisible('.folder-list'), false, 'of no use while nothing runs');
    await page.goto(address);
    await page.waitForSelector('#trust:has-text("Only the files are read")');
    await page.keyboard.press('Control+,');
    await page.waitForURL('**/preferences/');
    await page.check('#trust-ask');
    await page.waitForSelector('[data-status=running]:has-text("Saved")');
    await page.click('.folder-list button');
    await page.waitForSelector('.folder-list', { state: 'detached' });
  });

  test('reset brings everything back', async () => {
    const { page, app } = pages.ready;
    await page.goto(`${app.origin}/preferences/`);
    assert.equal(await page.isVisible('#confirm-reset button'), false, 'it asks first, and says what is kept');
    await page.click('#confirm-reset summary');
    await page.click('#confirm-reset button');
    await page.waitForSelector('html[data-theme=system][data-density=normal]');
    assert.equal(await page.inputValue('#id_editor'), '');
  });

  test('nothing complained', () => assert.deepEqual(pages.complaints, []));
});
