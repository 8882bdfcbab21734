/** Preferences and the editor, in a real browser. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import { missing, PYTHON } from './support/app.js';
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
    await page.check('#density-compact');
    await page.click('#preferences-form button[type=submit]');
    await page.waitForSelector('html[data-theme=dark]');
    const color = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    assert.equal(await color(), 'rgb(26, 30, 37)');
    await page.goto(`${app.origin}/desktop/data/`);
    assert.notEqual(await color(), 'rgb(255, 255, 255)');
    await page.goto(`${app.origin}/preferences/`);
    await page.check('#theme-light');
    await page.click('#preferences-form button[type=submit]');
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
    await page.fill('#id_editor_command', 'bash -c {file}');
    await page.click('#preferences-form button[type=submit]');
    await page.waitForSelector('#command-error');
    await page.fill('#id_editor_command', `"${PYTHON}" "${folder}/editor.py" "${out}" {file} {line}`);
    await page.click('#preferences-form button[type=submit]');
    await page.waitForSelector('.notice:has-text("Saved")');
    await page.goto(`${address}models/?model=area01.Item01`);
    await page.click('#detail .detail-head .place', { modifiers: ['Alt'] });
    await page.waitForSelector('.notice:has-text("Copied")');
    assert.equal(existsSync(out), false);
    await page.click('#detail .detail-head .place');
    await page.waitForSelector('.notice:has-text("Opened in")');
    assert.match(readFileSync(out, 'utf8'), /area01\/models\.py\|\d+$/);
  });

  test('reset brings everything back', async () => {
    const { page, app } = pages.ready;
    await page.goto(`${app.origin}/preferences/`);
    await page.click('button:has-text("Reset the preferences")');
    await page.waitForSelector('html[data-theme=system][data-density=normal]');
    assert.equal(await page.inputValue('#id_editor'), '');
  });

  test('nothing complained', () => assert.deepEqual(pages.complaints, []));
});
