import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { test } from 'node:test';

import { asSvg, card, courses, everything, find, onPage, open, settled, skip, useSchema, zoomOf } from './support/schema.js';
import { field, generateModels, model, relation } from '../support/schema-models.js';

/** @typedef {import('playwright-core').Page} Page */

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const installed = { origin: 'dependency' };
const small = { models: [
  model('shop.Order', [relation('user', 'auth.User'), relation('customer', 'people.Customer'), field('total', 'DecimalField')]),
  model('shop.Line', [relation('order', 'shop.Order'), relation('product', 'stock.Product'), field('amount', 'IntegerField')]),
  model('stock.Product', [field('title', 'CharField')]), model('people.Customer', [field('email', 'EmailField')]),
  model('auth.User', [], installed), model('auth.Group', [], installed),
] };

useSchema({ small });

test('without a worker the layout runs on the page and gives the same picture', { skip }, async () => {
  const places = async (/** @type {string} */ query) => {
    let stored = '';
    await onPage(query, async (page) => {
      await everything(page);
      stored = await page.evaluate(() => localStorage.getItem('djdesk.schema.w1') || '');
    });
    return stored;
  };
  const withWorker = await places('?n=60');
  assert.ok(withWorker.length > 500);
  assert.equal(await places('?n=60&worker=0'), withWorker);
});

test('a worker that cannot be loaded does not leave an empty board', { skip }, () => onPage('?n=3', async (page) => {
  await page.evaluate(async (data) => {
    const all = /** @type {any} */ (window);
    all.schema.destroy();
    /** @type {HTMLElement} */ (document.getElementById('root')).dataset.workerUrl = '/harness.css';
    all.schema = all.mount(data);
    await all.schema.ready;
  }, generateModels(60));
  await settled(page);
  await everything(page);
  assert.match(await page.innerText('.schema-crumb'), /60 models/);
}).catch((error) => {
  // The browser reports the refused script on the console, and nothing else.
  assert.match(String(error), /harness\.css|MIME/);
}));

test('exports are files with something in them', { skip }, () => onPage('?n=12', async (page) => {
  for (const [label, name, start] of [['SVG picture', 'shop.svg', '<svg'], ['PNG picture', 'shop.png', '\u{89}PNG'], ['Mermaid (.mmd)', 'shop.mmd', 'erDiagram'], ['DBML', 'shop.dbml', 'Table'], ['Graphviz (.dot)', 'shop.dot', 'digraph']]) {
    await page.click('summary:has-text("Export")');
    const [download] = await Promise.all([page.waitForEvent('download'), page.click(`.schema-item:text-is("${label}")`)]);
    assert.equal(download.suggestedFilename(), name);
    const text = await readFile(/** @type {string} */ (await download.path()), 'latin1');
    assert.ok(text.startsWith(start) && text.length > 400, label);
  }
}));

test('a small project opens on its own models, readable, with lines that go around the cards', { skip }, () => onPage('?sample=small', async (page) => {
  assert.equal(await page.locator('.schema-surface').getAttribute('data-level'), 'fields');
  assert.ok(await zoomOf(page) >= 0.6);
  assert.match(await page.innerText('.schema-crumb'), /4 models of 6/);
  assert.match(await page.innerText('.schema-menus'), /Filter \(3 of 4\)/);
  assert.equal(await card(page, 'auth.User').count(), 0);
  assert.equal(await card(page, 'shop.Order').locator('.schema-chip[data-to="auth.User"]').count(), 1);
  const drawn = courses(await asSvg(page));
  assert.equal(drawn.length, 3);
  for (const d of drawn) assert.ok(!d.includes('C'), d);
  await page.click('summary:has-text("Filter")');
  await page.click('.schema-menu-actions >> text="All"');
  await page.keyboard.press('Escape');
  await settled(page);
  assert.equal(await card(page, 'auth.User').count(), 1);
}));

test('the places and courses of layers are the same after a reload', { skip }, () => onPage('?sample=small', async (page) => {
  const first = await asSvg(page);
  await open(page, '?sample=small');
  assert.equal(await asSvg(page), first);
}));

test('without the worker of the layers the other layout draws a small view', { skip }, () => onPage('?n=3', async (page) => {
  await page.evaluate(async (data) => {
    const all = /** @type {any} */ (window);
    all.schema.destroy();
    localStorage.clear();
    /** @type {HTMLElement} */ (document.getElementById('root')).dataset.layeredUrl = '/harness.css';
    all.schema = all.mount(data);
    await all.schema.ready;
  }, small);
  await settled(page);
  assert.equal(await page.locator('.schema-card').count(), 4);
  const drawn = courses(await asSvg(page));
  assert.equal(drawn.length, 3);
  for (const d of drawn) assert.ok(d.includes('C'), d);
}).catch((error) => {
  assert.match(String(error), /harness\.css|MIME/);
}));

/** Screen sizes of all visible text, and text that is cut off. @param {Page} page */
const written = (page) => page.evaluate(() => {
  const walker = document.createTreeWalker(/** @type {Node} */ (document.querySelector('.schema-world')), NodeFilter.SHOW_TEXT);
  const zoom = new DOMMatrix(getComputedStyle(/** @type {Element} */ (document.querySelector('.schema-world'))).transform).a;
  const [sizes, cut] = [/** @type {number[]} */ ([]), /** @type {string[]} */ ([])];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = /** @type {HTMLElement} */ (node.parentElement);
    if (!node.textContent?.trim() || !parent.offsetParent || !parent.offsetWidth) continue;
    sizes.push(parseFloat(getComputedStyle(parent).fontSize) * zoom);
    if (parent.scrollWidth > parent.clientWidth + 1 && getComputedStyle(parent).display !== 'inline') cut.push(node.textContent);
  }
  return { least: Math.min(...sizes), count: sizes.length, cut };
});

for (const [count, width, height] of [[14, 1360, 850], [20, 1360, 850], [145, 1360, 850], [14, 2560, 1300]]) {
  test(`${count} models at ${width} px: nothing is written smaller than 9 px, and next to nothing is cut`, { skip }, () => onPage(`?n=${count}`, async (page) => {
    assert.notEqual(await page.locator('.schema-surface').getAttribute('data-level'), 'box', 'the cards are shown with their words');
    const { least, count: texts, cut } = await written(page);
    assert.ok(least >= 8.95, `${least}`);
    assert.ok(texts > 12 && cut.length <= texts * 0.02, `${cut.length} of ${texts}: ${cut}`);
  }, { viewport: { width, height } }));
}

test('a line ends at the row of the key that it refers to', { skip }, () => onPage('?sample=small', async (page) => {
  const svg = await asSvg(page);
  const row = await page.evaluate(() => {
    const zoom = new DOMMatrix(getComputedStyle(/** @type {Element} */ (document.querySelector('.schema-world'))).transform).a;
    const card = /** @type {HTMLElement} */ (document.querySelector('[data-id="stock.Product"]'));
    const key = /** @type {HTMLElement} */ (card.querySelector('.schema-row')).getBoundingClientRect();
    return { top: Number(/, (-?[\d.]+)px/.exec(card.style.transform)?.[1]), middle: (key.top + key.height / 2 - card.getBoundingClientRect().top) / zoom };
  });
  const line = [...svg.matchAll(/<path d="([^"]+)"[^>]*><title>shop\.Line\.product → stock\.Product/g)][0][1];
  const end = Number(line.trim().split(/[ L]/).pop());
  assert.ok(Math.abs(end - row.top - row.middle) < 3, `${end} ${JSON.stringify(row)}`);
}));

for (const [name, query, act] of /** @type {[string, string, ((page: Page) => Promise<void>)|null][]} */ ([
  ['one card', '?n=1', null], ['app map', '?n=60', null], ['empty', '?n=0', null], ['everything with a selection', '?n=60', async (page) => {
    await everything(page);
    await find(page, 'accounts.user');
  }],
])) {
  test(`axe finds nothing in light and dark: ${name}`, { skip }, () => onPage(query, async (page) => {
    if (act) await act(page);
    // The policy forbids injected scripts, but not the debugger's evaluation.
    await page.evaluate(await readFile(axe, 'utf8'));
    for (const colorScheme of /** @type {('light'|'dark')[]} */ (['light', 'dark'])) {
      // Contrast is wrong in the middle of a transition.
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await settled(page);
      const found = await page.evaluate(() => /** @type {any} */ (window).axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
      assert.deepEqual(found.violations.map((/** @type {any} */ item) => `${colorScheme} ${item.id}: ${item.nodes.map((/** @type {any} */ node) => `${node.target} ${node.failureSummary}`).slice(0, 3).join('; ')}`), []);
    }
  }));
}
