/**
 * Accessibility of every page: axe in both themes, large text, narrow windows, forced
 * colours, keyboard alone.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, describe, test } from 'node:test';

import { missing } from '../../../tests/e2e/support/app.js';
import { findCut, findFixed, findFlat, findFocus, findHeadings, findMoving, findPale, findSilent, findSmall, openMenus, spaceText } from './support/access.js';
import { everyPage } from './support/every-page.js';
import { Pages } from './support/pages.js';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** The viewport that remains for a page when a window is zoomed. */
const ZOOMED = { '200 % of 1280 by 800': { width: 640, height: 400 }, '400 % of 1280 by 1024': { width: 320, height: 256 } };

/** Pages of a project with an open panel next to the list. */
const OPEN = ['models/?model=area02.Item02', 'urls/?url=area01/%3Cint:pk%3E/', 'runs/timeline/'];

describe('access', { skip: missing() || false }, () => {
  const pages = new Pages();
  /** @type {string[]} addresses of all pages */
  let all = [];
  /** @type {string} */
  let address;

  before(async () => {
    await pages.start();
    address = await pages.open(pages.project());
    await pages.trust();
    const { page, app } = pages.ready;
    // Commands and exports have pages, too.
    await page.goto(`${address}commands/`);
    await page.click('#preset-check summary');
    await page.check('#confirm-check');
    await page.click('#preset-check button.primary');
    await page.waitForSelector('[data-output][data-complete]');
    await page.goto(`${address}exports/?kind=report`);
    await page.click('#create button.primary');
    await page.waitForSelector('#exports td.name a');
    const project = new URL(address).pathname;
    const paths = await everyPage(page, project, app.dataDir);
    // Include one help page, whose path contains its topic.
    paths.push(...(await page.$$eval('.rail a, .statusbar a:not([download])', (links) => links.map((link) => /** @type {HTMLAnchorElement} */ (link).pathname))).filter((one) => !paths.includes(one)));
    for (const one of ['/', '/desktop/updates/', `${project}commands/1/`, `${project}exports/1/`]) assert.ok(paths.includes(one), `${one} is not among ${paths.join(' ')}`);
    all = [...paths, ...OPEN.map((one) => project + one)].map((one) => app.origin + one);
  });
  after(() => pages.stop());

  /** @param {string} url */
  async function show(url) {
    const { page } = pages.ready;
    await page.goto(url);
    if (url.endsWith('/schema/')) await page.waitForSelector('#schema .schema-card');
    // Its checks run after the scan, and the page has little content before.
    if (url.endsWith('/ship/')) await page.waitForSelector('.ship-level');
  }

  test('every page, for everybody: axe, contrast, targets, headings, motion, fonts, focus, live regions, spacing, narrow windows, forced colours', async () => {
    const { page } = pages.ready;
    /** @type {string[]} */
    const found = [];
    await page.emulateMedia({ reducedMotion: 'reduce' });
    for (const url of all) {
      await show(url);
      const say = (/** @type {string} */ where, /** @type {string[]} */ what) => found.push(...what.map((one) => `${new URL(url).pathname} ${where}: ${one}`));
      await page.evaluate(axe);
      for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
        await page.emulateMedia({ colorScheme });
        // In the dark theme only colours differ.
        const rules = colorScheme === 'light' ? ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] : { type: 'rule', values: ['color-contrast'] };
        const { violations } = await page.evaluate((runOnly) => /** @type {any} */ (window).axe.run(document, { runOnly, resultTypes: ['violations'] }), rules);
        say(colorScheme, violations.map((/** @type {any} */ { id, nodes }) => `${id} ${nodes[0].html.slice(0, 160)}`));
        say(colorScheme, await page.evaluate(findPale));
      }
      for (const look of [findSmall, findHeadings, findMoving, findFixed, findFocus, findSilent]) say(look.name, await page.evaluate(look));
      await page.evaluate(spaceText, true);
      say('with more space in the text', await page.evaluate(findCut));
      await page.evaluate(spaceText, false);
      for (const [zoom, size] of Object.entries(ZOOMED)) {
        await page.setViewportSize(size);
        say(zoom, await page.evaluate(findCut));
      }
      await page.evaluate(openMenus, true);
      say('400 %, menus open', await page.evaluate(findCut));
      await page.evaluate(openMenus, false);
      await page.setViewportSize({ width: 1280, height: 800 });
      await page.emulateMedia({ forcedColors: 'active' });
      for (const look of [findFlat, findFocus]) say('with forced colours', await page.evaluate(look));
      await page.emulateMedia({ forcedColors: 'none' });
    }
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'no-preference' });
    assert.deepEqual(found, []);
  });

  test('what is dimmed can still be read', async () => {
    const { page } = pages.ready;
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await show(`${address}migrations/?view=graph`);
    await page.click('.mig-row > a');
    await page.waitForSelector('.mig-graph.lit');
    const graph = await page.evaluate(findPale);
    await show(`${address}schema/`);
    await page.locator('.schema-card').first().focus();
    await page.keyboard.press('Enter');
    await page.waitForSelector('.schema-card.is-dim');
    assert.deepEqual([...graph, ...await page.evaluate(findPale)], []);
    await page.emulateMedia({ reducedMotion: 'no-preference' });
  });

  test('in a narrow window the sections are a menu with words', async () => {
    const { page } = pages.ready;
    await page.setViewportSize({ width: 320, height: 640 });
    await show(`${address}urls/`);
    assert.equal(await page.isVisible('#rail'), false);
    await page.focus('[data-toggle-rail]');
    await page.keyboard.press('Enter');
    assert.equal(await page.getAttribute('[data-toggle-rail]', 'aria-expanded'), 'true');
    assert.match(await page.innerText('#rail'), /Overview[\s\S]*Schema[\s\S]*History/);
    assert.equal(await page.evaluate(() => Boolean(document.activeElement?.closest('#rail'))), true);
    assert.deepEqual(await page.evaluate(findCut), []);
    await page.keyboard.press('Escape');
    assert.equal(await page.isVisible('#rail'), false);
    assert.equal(await page.evaluate(() => document.activeElement?.hasAttribute('data-toggle-rail')), true);
    await page.setViewportSize({ width: 700, height: 640 });
    assert.match(await page.innerText('#rail'), /Overview[\s\S]*Schema[\s\S]*History/);
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  test('with forced colours, what has the focus and what is current can be told', async () => {
    const { page } = pages.ready;
    await page.emulateMedia({ forcedColors: 'active' });
    await show(address);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    const [focused, current] = await page.evaluate(() => [
      getComputedStyle(/** @type {Element} */ (document.activeElement)).outlineStyle,
      getComputedStyle(/** @type {Element} */ (document.querySelector('.rail [aria-current]'))).outlineStyle,
    ]);
    assert.deepEqual([focused, current], ['solid', 'solid']);
    await page.emulateMedia({ forcedColors: 'none' });
  });

  test('nothing complained', () => assert.deepEqual(pages.complaints, []));
});
