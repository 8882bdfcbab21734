/** Exports: created while the page is open, previewed in an isolated frame, deleted. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { after, before, describe, test } from 'node:test';

import { missing } from '../../../tests/e2e/support/app.js';
import { Pages } from './support/pages.js';

const lacking = missing();
const NAMES = '#exports td.name a';

describe('exports', { skip: lacking || false }, () => {
  const pages = new Pages();
  /** @type {import('playwright-core').Page} */
  let page;
  /** @type {string} */
  let address;
  /** @type {string} */
  let folder;

  before(async () => {
    await pages.start();
    page = pages.ready.page;
    address = `${await pages.open(pages.project({ apps: 2, models: 3, name: 'shop' }))}exports/`;
    folder = path.join(pages.ready.app.dataDir, 'exports');
  });
  after(() => pages.stop());

  /** @param {number} count */
  const listed = (count) => page.waitForFunction(
    ([selector, wanted]) => document.querySelectorAll(String(selector)).length === wanted,
    [NAMES, count],
  );

  test('the palette leads to a report that is chosen already, and the keyboard makes it', async () => {
    await page.keyboard.press('Control+K');
    await page.keyboard.type('export report');
    await page.waitForSelector('#palette [role=option]:has-text("Export report")');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/exports/?kind=report');
    assert.ok(await page.isChecked('#kind-report'));
    assert.ok(await page.isDisabled('#kind-notebook-changes'), 'there is only one scan');
    await page.focus('#kind-tables');
    await page.keyboard.press('Space');
    await page.focus('#create button[type=submit]');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/exports/#list');
    await listed(2);
    assert.equal(readdirSync(folder).length, 2);
  });

  test('an export that another page asks for appears without a reload', async () => {
    const second = await pages.newPage();
    await second.goto(address);
    await page.evaluate(() => { document.body.dataset.same = 'page'; });
    await second.uncheck('#kind-report');
    await second.check('#kind-notebook-models');
    await second.click('#create button[type=submit]');
    await listed(3);
    assert.equal(await page.getAttribute('body', 'data-same'), 'page');
    await second.context().close();
  });

  test('the list sorts by size', async () => {
    await page.click('#exports th:has-text("Size") button, #exports th:has-text("Size")');
    const sizes = await page.$$eval('#exports tbody tr td:nth-child(3)', (cells) => cells.map((cell) => Number(cell.getAttribute('data-sort'))));
    assert.deepEqual(sizes, [...sizes].sort((a, b) => a - b));
  });

  test('axe finds nothing on the list, light or dark', () => pages.axe('exports'));

  test('a report is shown in a frame that has no origin and runs nothing', async () => {
    await page.click(`${NAMES}:has-text("report")`);
    const frame = page.frameLocator('#export-frame');
    await frame.locator('h1:has-text("shop")').waitFor();
    assert.equal(await page.getAttribute('#export-frame', 'sandbox'), '');
    // The surrounding page has no access, because the frame has no origin.
    assert.equal(await page.evaluate(() => /** @type {HTMLIFrameElement} */ (document.getElementById('export-frame')).contentDocument), null);
    assert.ok(await frame.locator('svg .card').count() >= 6);
    assert.equal(await page.isVisible('[data-show-export]'), false, 'there is no window that could');
    assert.equal(await page.isVisible('[data-instead-of-show]'), true);
    await pages.axe('export');
  });

  test('the report by itself: axe, and no complaint about its own policy', async () => {
    const name = readdirSync(folder).find((file) => file.endsWith('.html'));
    assert.ok(name);
    await page.goto(pathToFileURL(path.join(folder, name)).href);
    assert.equal(await page.evaluate(() => getComputedStyle(document.querySelector('h1') || document.body).fontSize), '26px');
    await pages.axe('report');
  });

  test('tables are chosen around the frame', async () => {
    await page.goto(address);
    await page.click(`${NAMES}:has-text("tables")`);
    await page.click('.export-tables a:has-text("fields")');
    await page.waitForURL('**/?table=fields');
    await page.frameLocator('#export-frame').locator('td:has-text("area01.Item01")').first().waitFor();
  });

  test('a notebook is shown with what its cells said', async () => {
    await page.goto(address);
    await page.click(`${NAMES}:has-text("notebook")`);
    const frame = page.frameLocator('#export-frame');
    await frame.locator('h2:has-text("Hubs")').waitFor();
    assert.ok(await frame.locator('svg rect').count() > 3);
    await pages.axe('notebook');
  });

  test('it is saved from the page', async () => {
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('.run-head a[download]')]);
    assert.match(download.suggestedFilename(), /^shop-notebook-models-[\d-]+\.ipynb$/);
  });

  test('deleting asks first, and every page that shows the file says that it is gone', async () => {
    const second = await pages.newPage();
    await second.goto(page.url());
    await page.click('#delete summary');
    await page.click('#delete button');
    await page.waitForURL('**/exports/');
    await listed(2);
    await second.waitForSelector('h1:has-text("no longer in the list")');
    assert.equal(await second.locator('#export-frame').count(), 0);
    await second.click('a.button:has-text("All exports")');
    await second.waitForURL('**/exports/');
    await second.context().close();
    // The third is put aside, where it can be restored from.
    assert.equal(readdirSync(folder).filter((name) => !name.startsWith('.')).length, 2);
  });

  test('a file that somebody else deletes is said to be gone, and leaves the list when asked', async () => {
    const name = readdirSync(folder).find((file) => file.endsWith('.zip'));
    assert.ok(name);
    rmSync(path.join(folder, name));
    await page.reload();
    await page.waitForSelector('#gone');
    await page.click('#gone button');
    await page.waitForSelector('#gone', { state: 'detached' });
    await listed(1);
    assert.ok(existsSync(folder));
  });

  test('no page complained', () => assert.deepEqual(pages.complaints, []));
});
