/** The migration graph and the SQL of a migration, in a real browser. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import { missing } from '../../../tests/e2e/support/app.js';
import { Pages } from './support/pages.js';

describe('migrations', { skip: missing() || false }, () => {
  const pages = new Pages();
  /** @type {string} */
  let root;
  /** @type {string} */
  let address;
  before(async () => {
    await pages.start();
    root = pages.project({ apps: 3, models: 2 });
    address = await pages.open(root);
    await pages.trust();
  });
  after(() => pages.stop());
  const keys = () => pages.ready.page.$$eval('.mig-row', (all) => all.map((row) => row.getAttribute('data-key')));

  test('the graph is one click away and stays', async () => {
    const { page } = pages.ready;
    await page.goto(`${address}migrations/`);
    await page.click('.view-switch a:has-text("Graph")');
    await page.waitForSelector('#mig-rows');
    assert.deepEqual(await keys(), ['area01.0001_initial', 'area02.0001_initial', 'area03.0001_initial']);
    await page.goto(`${address}migrations/`);
    assert.equal(await page.isVisible('#mig-rows'), true);
    assert.match((await page.textContent('#mig-area01-0001_initial')) || '', /unapplied/);
  });

  test('lines end on the dots, and the rows stand beside them', async () => {
    const { page } = pages.ready;
    const off = await page.evaluate(() => {
      const rows = Array.from(document.querySelectorAll('.mig-row'), (row) => row.getBoundingClientRect());
      return Array.from(document.querySelectorAll('.mig-dot'), (dot, at) => {
        const box = dot.getBoundingClientRect();
        return Math.abs(box.top + box.height / 2 - (rows[at].top + rows[at].height / 2));
      });
    });
    assert.ok(off.length === 3 && off.every((distance) => distance < 1), String(off));
  });

  test('pointing at a row lights up what belongs to it', async () => {
    const { page } = pages.ready;
    await page.click('a[data-mig-apps="*"]');
    await page.waitForSelector('.mig-row[data-key="auth.0001_initial"]');
    await page.hover('.mig-row[data-key="auth.0002_alter_permission_name_max_length"]');
    const near = await page.$$eval('.mig-row.near', (all) => all.map((row) => row.getAttribute('data-key')));
    assert.ok(near.includes('auth.0001_initial') && near.includes('auth.0003_alter_user_email_max_length'));
    assert.ok(!near.includes('area01.0001_initial'));
    await page.click('a[data-mig-apps=""]');
    await page.waitForFunction(() => document.querySelectorAll('.mig-row').length === 3);
  });

  test('filtering keeps the focus and the address', async () => {
    const { page } = pages.ready;
    await page.keyboard.press('/');
    await page.keyboard.type('area02');
    await page.waitForFunction(() => document.querySelectorAll('.mig-row').length === 1);
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'mig-filter');
    assert.match(page.url(), /q=area02/);
    await page.fill('#mig-filter', 'nothing like it');
    await page.waitForSelector('text=No migration matches the filter');
    await page.fill('#mig-filter', '');
    await page.waitForFunction(() => document.querySelectorAll('.mig-row').length === 3);
    await page.selectOption('#mig-state', 'applied');
    await page.waitForFunction(() => document.querySelectorAll('.mig-row').length === 0);
    await page.selectOption('#mig-state', '');
    await page.waitForFunction(() => document.querySelectorAll('.mig-row').length === 3);
  });

  test('rows by keyboard, the panel, and back', async () => {
    const { page } = pages.ready;
    await page.focus('#mig-filter');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await page.waitForSelector('#detail h2:has-text("0001_initial")');
    assert.match(page.url(), /mig=area02\.0001_initial/);
    assert.match((await page.textContent('#detail')) || '', /Create the model Item01 with 3 fields/);
    await page.click('#detail .mig-links a:has-text("area01.0001_initial")');
    await page.waitForSelector('.mig-row.chosen[data-key="area01.0001_initial"]');
    await page.goBack();
    await page.waitForSelector('.mig-row.chosen[data-key="area02.0001_initial"]');
    await pages.axe('graph with panel');
    await page.keyboard.press('Escape');
    await page.waitForSelector('.mig-split:not(.has-detail)');
    await pages.axe('graph');
  });

  test('an answer that is overtaken, or fails then, takes nothing from the later one', async () => {
    const { page } = pages.ready;
    for (const fails of [false, true]) {
      await page.goto(`${address}migrations/?view=graph`);
      /** @type {() => void} */
      let overtaken = () => {};
      const later = new Promise((resolve) => { overtaken = () => resolve(null); });
      await page.route('**/migrations/*fragment=detail', async (route) => {
        await later;
        if (fails) await route.abort();
        else await route.continue();
      }, { times: 1 });
      await page.click('.mig-row[data-key="area02.0001_initial"] a');
      await page.fill('#mig-filter', 'area02');
      await page.waitForFunction(() => document.querySelectorAll('.mig-row').length === 1);
      await page.waitForSelector('#detail h2:has-text("0001_initial")');
      await page.evaluate(() => { document.body.dataset.same = 'page'; });
      /** @param {import('playwright-core').Request} request */
      const earlier = (request) => request.url().endsWith('fragment=detail');
      const late = fails ? page.waitForEvent('requestfailed', earlier) : page.waitForEvent('requestfinished', earlier);
      overtaken();
      await late;
      await page.fill('#mig-filter', '');
      await page.waitForFunction(() => document.querySelectorAll('.mig-row').length === 3);
      assert.equal(await page.getAttribute('body', 'data-same'), 'page');
      assert.match((await page.textContent('#detail h2')) || '', /0001_initial/);
    }
    pages.complaints.splice(0, pages.complaints.length, ...pages.complaints.filter((line) => !line.includes('ERR_FAILED')));
  });

  test('SQL on demand, without making the database', async () => {
    const { page } = pages.ready;
    await page.goto(`${address}migrations/?view=graph&mig=area02.0001_initial`);
    await page.click('#sql-show');
    await page.waitForSelector('#sql-text .sql-keyword', { timeout: 40000 });
    assert.match((await page.textContent('#sql-text')) || '', /CREATE TABLE "area02_item01"/);
    assert.equal(existsSync(path.join(root, 'db.sqlite3')), false);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.click('[data-copy-text=sql-text]');
    await page.waitForSelector('.notice:has-text("Copied")');
    assert.match(await page.evaluate(() => navigator.clipboard.readText()), /^BEGIN;/);
    await pages.axe('SQL');
    await page.selectOption('#sql-engine', 'django.db.backends.mysql');
    await page.waitForSelector('#sql-show:has-text("Show SQL")');
  });

  test('narrow: the panel takes the window and leads back', async () => {
    const { page } = pages.ready;
    await page.setViewportSize({ width: 640, height: 800 });
    await page.goto(`${address}migrations/?view=graph&mig=area02.0001_initial`);
    assert.equal(await page.isVisible('#mig-rows'), false);
    await page.click('#detail .back');
    await page.waitForSelector('#mig-rows');
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    assert.equal(wide, false);
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  test('a link to a migration that is filtered out finds it', async () => {
    const { page } = pages.ready;
    await page.goto(`${address}migrations/#mig-auth-0001_initial`);
    await page.waitForFunction(() => document.activeElement?.closest('#mig-auth-0001_initial'));
  });

  test('no page complained', () => assert.deepEqual(pages.complaints, []));
});
