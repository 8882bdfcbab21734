/** The palette and shortcuts by keyboard alone, in a real browser. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { missing } from '../../../tests/e2e/support/app.js';
import { Pages } from './support/pages.js';

describe('the command palette', { skip: missing() || false }, () => {
  const pages = new Pages();
  /** @type {string} */
  let address;
  before(async () => {
    await pages.start();
    address = await pages.open(pages.project({ apps: 3, models: 4 }));
  });
  after(() => pages.stop());

  /** @param {string} text */
  async function type(text) {
    const { page } = pages.ready;
    await page.keyboard.press('Control+k');
    await page.waitForSelector('#palette[open] [role=option]');
    await page.keyboard.type(text);
  }

  test('a page, a model and a field by name', async () => {
    const { page } = pages.ready;
    await page.goto(address);
    await type('side eff');
    await page.waitForSelector('#palette-0[aria-selected=true]:has-text("Side effects")');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/effects/');
    await type('area02.item03');
    await page.waitForSelector('#palette-0:has-text("area02.Item03")');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/models/?model=area02.Item03');
    await type('item02 elsewhere');
    await page.waitForSelector('#palette-0:has-text("elsewhere")');
    await page.keyboard.press('Enter');
    await page.waitForURL('**#f-elsewhere');
    assert.ok(await page.isVisible('#f-elsewhere:target'));
  });

  test('a name with letters left out, a theme, a command, and what was chosen last', async () => {
    const { page } = pages.ready;
    await page.goto(address);
    await type('ar02itm03');
    await page.waitForSelector('#palette-0:has-text("area02.Item03")');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/models/?model=area02.Item03');
    await page.keyboard.press('Control+k');
    await page.waitForSelector('#palette-0:has-text("area02.Item03")');
    await page.keyboard.type('theme dark');
    await page.waitForSelector('#palette-0:has-text("Theme: Dark")');
    assert.match((await page.textContent('#palette-count')) || '', /^\d+ results?$/);
    await page.keyboard.press('Enter');
    await page.waitForSelector('html[data-theme=dark]');
    await page.goto(`${address}urls/`);
    await type('check --deploy');
    await page.waitForSelector('#palette-0:has-text("Check for deployment")');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/commands/#preset-check-deploy');
  });

  test('an action runs without leaving the page', async () => {
    const { page } = pages.ready;
    await page.goto(`${address}runs/`);
    const before = await page.locator('.run').count();
    await type('scan again');
    await page.keyboard.press('Enter');
    await page.waitForFunction((n) => document.querySelectorAll('.run').length > n, before);
    await pages.outcome('complete');
  });

  test('arrows move, Escape closes and gives the focus back, and nothing found is said', async () => {
    const { page } = pages.ready;
    await page.goto(`${address}urls/`);
    await page.focus('#urls-filter');
    await type('');
    await page.keyboard.press('ArrowDown');
    assert.equal(await page.getAttribute('#palette-input', 'aria-activedescendant'), 'palette-1');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowUp');
    const last = (await page.locator('#palette [role=option]').count()) - 1;
    assert.equal(await page.getAttribute('#palette-input', 'aria-activedescendant'), `palette-${last}`);
    await page.keyboard.type('zzzz');
    await page.waitForSelector('#palette-nothing:not([hidden])');
    await page.keyboard.press('Escape');
    assert.equal(await page.isVisible('#palette'), false);
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'urls-filter');
  });

  test('? lists the shortcuts, but not while one types', async () => {
    const { page } = pages.ready;
    await page.focus('#urls-filter');
    await page.keyboard.type('?');
    assert.equal(await page.isVisible('#shortcuts'), false);
    await page.evaluate(() => /** @type {HTMLElement} */ (document.activeElement).blur());
    await page.keyboard.press('?');
    await page.waitForSelector('#shortcuts[open]');
    await pages.axe('shortcuts');
    await page.keyboard.press('Escape');
    await type('mod');
    await pages.axe('palette');
    await page.keyboard.press('Escape');
  });

  test('? right after Escape is not swallowed by the field that was closed, nor by a box to tick', async () => {
    const { page } = pages.ready;
    await page.goto(`${address}urls/`);
    await type('');
    // Within one frame: nothing has moved focus out of the closed dialog yet.
    const held = await page.evaluate(() => {
      /** @type {HTMLDialogElement} */ (document.getElementById('palette')).close();
      const field = /** @type {Element} */ (document.activeElement);
      field.dispatchEvent(new KeyboardEvent('keydown', { key: '?', bubbles: true }));
      return field.id;
    });
    assert.equal(held, 'palette-input');
    assert.ok(await page.isVisible('#shortcuts[open]'));
    await page.keyboard.press('Escape');
    await page.goto(`${pages.ready.app.origin}/preferences/`);
    await page.focus('input[type=checkbox]');
    await page.keyboard.press('?');
    await page.waitForSelector('#shortcuts[open]');
    await page.keyboard.press('Escape');
  });

  test('home has one, too', async () => {
    const { page, app } = pages.ready;
    await page.goto(`${app.origin}/`);
    await type('shop');
    await page.keyboard.press('Enter');
    await page.waitForURL(address);
  });

  test('nothing complained', () => assert.deepEqual(pages.complaints, []));
});
