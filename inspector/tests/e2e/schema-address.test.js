/** The diagram's URL, and its list of tables. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { card, everything, find, middle, onPage, settled, skip, useSchema, zoomOf } from './support/schema.js';

/** @typedef {import('playwright-core').Page} Page */

useSchema();

/** @param {Page} page */
const query = (page) => page.evaluate(() => Object.fromEntries(new URLSearchParams(location.search)));
/** @param {Page} page @param {string} key @param {string} [value] any value if omitted */
const saying = (page, key, value) => page.waitForFunction(([name, wanted]) => {
  const now = new URLSearchParams(location.search).get(/** @type {string} */ (name));
  return wanted === undefined ? now !== null : now === wanted;
}, [key, value]);
/** @param {Page} page */
async function again(page) {
  await page.waitForFunction(() => /** @type {any} */ (window).painted > 0);
  await settled(page);
}

test('back, forward, reload and a copied address lead to the same picture', { skip }, () => onPage('?n=60', async (page) => {
  assert.deepEqual(await query(page), { n: '60' }, 'the first look needs no words');
  await everything(page);
  await saying(page, 'view', 'all');
  await find(page, 'accounts.user');
  await saying(page, 'model', 'accounts.User');
  await page.keyboard.press('-');
  await settled(page);
  const zoom = await zoomOf(page);
  await page.waitForFunction((wanted) => Math.abs(Number((new URLSearchParams(location.search).get('at') || '').split(',')[2]) - wanted) < 0.001, zoom);
  const at = await middle(page, 'accounts.User');
  const same = async () => {
    assert.ok(Math.abs(await zoomOf(page) - zoom) < 0.001);
    const now = await middle(page, 'accounts.User');
    assert.ok(Math.hypot(now.x - at.x, now.y - at.y) < 2, JSON.stringify([now, at]));
    assert.equal(await card(page, 'accounts.User').getAttribute('aria-current'), 'true');
  };
  await page.reload();
  await again(page);
  await same();
  const address = page.url();
  await page.goBack();
  await page.waitForFunction(() => !document.querySelector('.schema-card.is-selected'));
  await settled(page);
  assert.match(await page.innerText('.schema-crumb'), /60 models/);
  await page.goBack();
  await page.waitForFunction(() => /7 apps/.test(document.querySelector('.schema-crumb')?.textContent || ''));
  await page.goForward();
  await page.waitForFunction(() => /60 models/.test(document.querySelector('.schema-crumb')?.textContent || ''));
  await page.goto('about:blank');
  await page.goto(address);
  await again(page);
  await same();
}));

test('an address that names what is not there shows the first look', { skip }, () => onPage('?n=60&view=app:gone&model=gone.Away&at=9,9,x', async (page) => {
  assert.match(await page.innerText('.schema-crumb'), /7 apps/);
  assert.equal(await page.isVisible('.schema-panel'), false);
}));

test('the list of tables finds a model, hides it and brings it back, by keyboard', { skip }, () => onPage('?n=14', async (page) => {
  const tables = page.getByRole('button', { name: 'Tables', exact: true });
  assert.equal(await tables.getAttribute('aria-expanded'), 'false');
  await tables.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('searchbox', { name: 'Find a table' }).focus();
  await page.keyboard.type('user');
  assert.deepEqual(await page.locator('.schema-list-name').allTextContents(), ['User']);
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('aria-label')), 'Hide accounts');
  await page.keyboard.press('ArrowDown');
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('aria-label')), 'Hide accounts.User');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => !document.querySelector('.schema-card[data-id="accounts.User"]'));
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('aria-label')), 'Show accounts.User', 'the focus stays');
  assert.match(await page.innerText('.schema-crumb'), /13 models of 14/);
  assert.match(await page.innerText('.schema-live'), /accounts\.User hidden/);
  await saying(page, 'hide', 'accounts.User');
  await page.reload();
  await again(page);
  assert.equal(await card(page, 'accounts.User').count(), 0);
  await page.click('[data-table="accounts.User"]');
  await settled(page);
  assert.equal(await card(page, 'accounts.User').getAttribute('aria-current'), 'true');
  assert.match(await page.innerText('.schema-panel'), /Fields \(4\)[\s\S]*username\s+CharField/);
  await page.getByRole('searchbox', { name: 'Find a table' }).fill('zzz');
  assert.match(await page.innerText('.schema-list-count'), /No table matches “zzz”/);
}));
