/** Tables longer than a screen, on the real server: sorting, filter, keyboard and accessibility. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { missing } from '../../../tests/e2e/support/app.js';
import { Pages } from './support/pages.js';

const lacking = missing();

describe('tables', { skip: lacking || false }, () => {
  const pages = new Pages();
  /** @type {string} */
  let address;

  before(async () => {
    // As with a screen reader; otherwise the browser does not expose unpainted rows.
    await pages.start(['--force-renderer-accessibility']);
    await pages.ready.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    address = await pages.open(pages.project({ apps: 110, models: 2, name: 'long' }));
  });
  after(async () => {
    await pages.stop();
    assert.deepEqual(pages.complaints, []);
  });

  /** Texts of visible rows. @param {string} selector of a cell in them */
  const shown = (selector) => pages.ready.page.$$eval(`tr[data-row]:not([hidden]) ${selector}`, (all) => all.map((e) => (e.textContent || '').trim()));

  test('on paper there is the table and not what is around it, dark on light', async () => {
    const { page } = pages.ready;
    await page.goto(`${address}urls/`);
    await page.waitForSelector('#urls.is-long');
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    assert.equal(await page.isVisible('#titlebar'), false);
    assert.equal(await page.isVisible('#rail'), false);
    const { left, height, back } = await page.evaluate(() => ({
      left: /** @type {Element} */ (document.querySelector('#urls')).getBoundingClientRect().left,
      height: document.documentElement.scrollHeight,
      back: getComputedStyle(document.documentElement).getPropertyValue('--surface-1').trim(),
    }));
    assert.ok(left < 60 && height > 220 * 20, `${left} ${height}`);
    await page.emulateMedia({ media: 'screen', colorScheme: 'dark' });
    assert.notEqual(await page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue('--surface-1').trim()), back);
    await page.emulateMedia({ colorScheme: 'light' });
  });

  test('a long table keeps all its rows, and its columns stand where the heads are', async () => {
    const { page } = pages.ready;
    await page.goto(`${address}urls/`);
    await page.waitForSelector('#urls.is-long');
    assert.equal(await page.locator('#urls tr[data-row]').count(), 220);
    const edges = (/** @type {string} */ row) => page.$$eval(`${row} > *`, (cells) => cells.map((cell) => Math.round(cell.getBoundingClientRect().left)));
    const head = await edges('#urls thead tr');
    assert.deepEqual(await edges('#u-1'), head);
    await page.$eval('#u-200', (row) => row.scrollIntoView());
    assert.deepEqual(await edges('#u-200'), head);
    assert.ok(await page.$eval('#urls thead', (e) => e.getBoundingClientRect().top - /** @type {Element} */ (e.closest('.table-wrap')).getBoundingClientRect().top) < 2, 'the head stays');
    assert.ok(await page.evaluate(() => /** @type {any} */ (window).find('area109/<int:pk>')), 'found by the search of the browser');
    await page.focus('#urls tr[data-row][tabindex="0"]');
    await page.keyboard.press('Space');
    await page.click('#urls-saved summary');
    await pages.axe('long table, filters open');
    await page.keyboard.press('Escape');
  });

  test('its rows and cells are rows and cells for assistive technology, in sight or not', async () => {
    const { page } = pages.ready;
    const session = await page.context().newCDPSession(page);
    await session.send('Accessibility.enable');
    const { nodes } = await session.send('Accessibility.getFullAXTree');
    const count = (/** @type {string} */ role) => nodes.filter((node) => !node.ignored && node.role?.value === role).length;
    assert.equal(count('row'), 221);
    assert.equal(count('columnheader'), 5);
    assert.equal(count('cell'), 220 * 5);
  });

  test('another width of the window gives other columns', async () => {
    const { page } = pages.ready;
    const before = await page.$eval('#urls', (e) => /** @type {HTMLElement} */ (e).style.getPropertyValue('--columns'));
    await page.setViewportSize({ width: 1000, height: 800 });
    await page.waitForFunction((old) => {
      const now = /** @type {HTMLElement} */ (document.querySelector('#urls')).style.getPropertyValue('--columns');
      return now && now !== old;
    }, before);
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  test('every column sorts, numbers as numbers, and filter and j, k, Enter go along', async () => {
    const { page } = pages.ready;
    await page.goto(`${address}urls/`);
    await page.waitForSelector('#urls.is-long');
    const heads = await page.$$eval('#urls thead th', (all) => all.map((th) => [th.getAttribute('aria-sort'), Boolean(th.querySelector('button'))]));
    assert.deepEqual(heads, heads.map(() => ['none', true]));
    await page.focus('#urls thead th:first-child button');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    assert.equal(await page.getAttribute('#urls thead th:first-child', 'aria-sort'), 'descending');
    assert.equal((await shown('.pattern'))[0], '/area110/<int:pk>/');
    await page.fill('#urls-filter', 'area100');
    assert.deepEqual(await shown('.pattern'), ['/area100/<int:pk>/', '/area100/']);
    await page.focus('#urls tr[data-row][tabindex="0"]');
    await page.keyboard.press('j');
    assert.equal(await page.evaluate(() => document.activeElement?.querySelector('.pattern')?.textContent), '/area100/');
    await page.keyboard.press('k');
    assert.equal(await page.evaluate(() => document.activeElement?.querySelector('.pattern')?.textContent), '/area100/<int:pk>/');
    await page.fill('#urls-filter', 'nothing has this');
    assert.equal(await page.isVisible('[data-nothing-for=urls]'), true);
    await page.fill('#urls-filter', '');
    assert.equal((await shown('.pattern')).length, 220);
  });

  test('sorted groups keep their rows', async () => {
    const { page } = pages.ready;
    await page.goto(`${address}migrations/`);
    const groups = () => page.$$eval('#migrations tbody', (all) => all.map((body) => [body.id, body.querySelectorAll('tr[data-row]').length, body.firstElementChild?.hasAttribute('data-group')]));
    const before = await groups();
    assert.ok(before.length > 100);
    await page.click('#migrations thead th:first-child button');
    await page.click('#migrations thead th:first-child button');
    assert.deepEqual(await groups(), before);
  });

  test('what is copied of a group names the group, and words beside each other stay apart', async () => {
    const { page } = pages.ready;
    await page.goto(`${address}migrations/?view=list`);
    await page.fill('#migrations-filter', 'area07');
    await page.click('#migrations-copy summary');
    await page.click('#migrations-copy [data-copy-table="csv"]');
    await page.waitForSelector('.notice:has-text("copied")');
    const [head, row] = (await page.evaluate(() => navigator.clipboard.readText())).split('\r\n');
    assert.match(head, /^App,Migration,State,/);
    assert.match(row, /^area07,0001_initial,/);
    await page.goto(`${address}models/?model=area07.Item02`);
    const options = page.locator('td.options', { has: page.locator('span + span') }).first();
    assert.match(await options.innerText(), /^\S+ \S+/);
  });

  test('a long setting is laid out, folded, and copied by itself', async () => {
    const { page } = pages.ready;
    await page.goto(`${address}settings/`);
    const row = page.locator('#v-INSTALLED_APPS');
    assert.match(await row.locator('.whole-part').innerText(), /^\[\n {2}'[^\n]+',\n[^]* …\s+Show all$/);
    await row.locator('summary').focus();
    await page.keyboard.press('Enter');
    assert.match(await row.locator('[data-whole]').innerText(), /\n {2}'area110'\n\]$/);
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('aria-label')), 'Copy the value of INSTALLED_APPS');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.notice:has-text("Copied INSTALLED_APPS")');
    const text = await page.evaluate(() => navigator.clipboard.readText());
    assert.equal(text.split('\n').filter((line) => /^ {2}'area\d+',?$/.test(line)).length, 110);
  });

  /** Numbers of visible and selected rows, as announced to screen readers. */
  const told = () => pages.ready.page.textContent('#urls-tools [data-shown-count][aria-live=polite]');
  const copied = () => pages.ready.page.evaluate(() => navigator.clipboard.readText());

  test('rows are selected by keyboard and by mouse, and copied with the columns that are shown', async () => {
    const { page } = pages.ready;
    await page.goto(`${address}urls/`);
    await page.fill('#urls-filter', 'area10');
    const rows = page.locator('#urls tr[data-row]:not([hidden])');
    await page.focus('#urls tr[data-row][tabindex="0"]');
    await page.keyboard.press('Space');
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Shift+ArrowDown');
    assert.equal(await told(), '22 of 220, 3 selected');
    assert.equal(await page.locator('#urls tr[aria-selected=true]').count(), 3);
    await page.keyboard.press('Control+c');
    await page.waitForSelector('#notices .notice:has-text("3 rows copied")');
    const lines = (await copied()).split('\n');
    assert.equal(lines.length, 3);
    assert.match(lines[0], /^\/area10\/\tarea10:index\t/);
    await page.keyboard.press('Control+a');
    assert.equal(await told(), '22 of 220, 22 selected');
    await page.keyboard.press('Escape');
    assert.equal(await told(), '22 of 220');
    // Outside the links of a row; a link still works as a link.
    await rows.nth(1).locator('td.methods').click({ modifiers: ['Control'] });
    await rows.nth(2).locator('td.methods').click({ modifiers: ['Shift'] });
    assert.equal(await told(), '22 of 220, 2 selected');
    assert.equal(await page.evaluate(() => String(getSelection())), '', 'and no text');
    await page.fill('#urls-filter', 'area100');
    assert.equal(await told(), '2 of 220, 1 selected', 'what is filtered away is no longer selected');
    await page.click('#urls-copy summary');
    await page.click('#urls-copy [data-copy-table=text]');
    await page.waitForSelector('#notices .notice:has-text("1 row copied")');
    assert.equal((await copied()).split('\n').length, 2, 'the head and the row');
  });

  test('columns, a saved filter and own code only are kept with the project; what is removed can be undone', async () => {
    const { page } = pages.ready;
    const kept = (/** @type {() => Promise<unknown>} */ act) => Promise.all([page.waitForResponse((answer) => answer.url().endsWith('/lists/') && answer.ok()), act()]);
    await page.goto(`${address}urls/`);
    await page.click('#urls-columns summary');
    await kept(() => page.uncheck('#urls-columns label:has-text("View") input'));
    await page.keyboard.press('Escape');
    await page.fill('#urls-filter', 'area07');
    await page.click('#urls-saved summary');
    await page.fill('#urls-saved input[name=name]', 'Seven');
    await kept(() => page.keyboard.press('Enter'));
    await page.waitForSelector('#notices .notice:has-text("Filter saved: Seven")');
    await kept(() => page.selectOption('#urls-facet', 'own'));
    await page.goto(`${address}models/`);
    assert.equal(await page.inputValue('#models-facet'), 'own');
    await page.goto(`${address}urls/`);
    assert.equal(await page.inputValue('#urls-facet'), 'own');
    assert.deepEqual(await page.$$eval('#urls thead th:not([hidden])', (all) => all.map((th) => th.textContent)), ['Pattern', 'Name', 'Methods', 'Where']);
    assert.equal(await page.locator('#urls tbody tr').first().locator('td:visible').count(), 4);
    await kept(() => page.selectOption('#urls-facet', ''));
    await page.click('#urls-saved summary');
    await page.click('#urls-saved [data-use=Seven]');
    assert.equal(await page.inputValue('#urls-filter'), 'area07');
    assert.equal(await page.locator('#urls tr[data-row]:not([hidden])').count(), 2);
    await page.click('#urls-saved summary');
    await kept(() => page.click('#urls-saved [data-forget=Seven]'));
    await page.waitForSelector('#notices [data-undo]:focus');
    await kept(() => page.keyboard.press('Control+z'));
    await page.waitForFunction(() => document.querySelector('#urls-saved [data-saved-count]')?.textContent === ' (1)');
    await page.click('#urls-columns summary');
    await kept(() => page.check('#urls-columns label:has-text("View") input'));
    assert.equal(await page.locator('#urls thead th:visible').count(), 5);
    await page.setViewportSize({ width: 320, height: 700 });
    for (const menu of ['columns', 'saved', 'copy']) {
      if (menu !== 'columns') await page.click(`#urls-${menu} summary`);
      const { left, right } = await page.$eval(`#urls-${menu} .menu-list`, (e) => e.getBoundingClientRect());
      assert.ok(left >= 0 && right <= 320, `${menu}: ${left} to ${right}`);
    }
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  test('the fields of a model are such a table, of its own, and the panel stands beside the list or instead of it', async () => {
    const { page } = pages.ready;
    await page.goto(`${address}models/?model=area02.Item01`);
    const names = () => shown('.mono:first-child');
    const before = await names();
    assert.ok(before.length > 2);
    await page.click('#detail thead th:first-child button');
    const sorted = await page.$$eval('#detail tr[data-row]', (all) => all.map((row) => row.id));
    assert.deepEqual(sorted, [...sorted].sort());
    await page.fill('#detail [data-filter]', 'id');
    assert.ok((await page.$$('#detail tr[data-row]:not([hidden])')).length < before.length);
    await page.click('.model-list a >> nth=3');
    await page.waitForFunction(() => !document.querySelector('#detail [id*="area02.Item01"]'));
    assert.equal(await page.inputValue('#detail [data-filter]'), '', 'another model, nothing filtered');
    await page.setViewportSize({ width: 640, height: 800 });
    assert.equal(await page.isVisible('.model-list'), false);
    assert.equal(await page.isVisible('#detail h2'), true);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= 640), 'nothing sticks out');
    await pages.axe('model at 640');
    await page.click('[data-detail-close]');
    assert.equal(await page.isVisible('.model-list'), true);
    await page.setViewportSize({ width: 1280, height: 800 });
  });
});
