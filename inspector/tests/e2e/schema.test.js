import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import { POLICY, serveSchema } from '../support/schema-server.js';
import { buildGraph } from '../../inspector/static/inspector/schema/graph.js';
import { shortestPath } from '../../inspector/static/inspector/schema/walk.js';
import { field, generateModels, model, relation } from '../support/schema-models.js';

/** @typedef {import('playwright-core').Page} Page @typedef {import('playwright-core').Browser} Browser */

const executablePath = process.env.DJDESK_CHROMIUM || '/usr/bin/chromium';
const skip = existsSync(executablePath) ? false : `no browser at ${executablePath}: name one in DJDESK_CHROMIUM, or needs-package: chromium`;
const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

const hostile = { models: [model('a.<img src=x onerror=alert(1)>', [field('<b>bold</b>', 'CharField'), relation('r', 'a.B')], { doc: '<script>alert(1)</script>' }), model('a.B')] };
const installed = { origin: 'dependency' };
const small = { models: [
  model('shop.Order', [relation('user', 'auth.User'), relation('customer', 'people.Customer'), field('total', 'DecimalField')]),
  model('shop.Line', [relation('order', 'shop.Order'), relation('product', 'stock.Product'), field('amount', 'IntegerField')]),
  model('stock.Product', [field('title', 'CharField')]), model('people.Customer', [field('email', 'EmailField')]),
  model('auth.User', [], installed), model('auth.Group', [], installed),
] };
const grown = generateModels(30);
grown.models.push(model('catalog.BrandNew', [relation('user', 'accounts.User')]));

/** @type {Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof serveSchema>>} */
let server;
before(async () => {
  if (skip) return;
  server = await serveSchema({ hostile, grown, small, broken: { models: [], errors: [{ text: 'x', file: null, line: null }] } });
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] });
});
after(async () => {
  if (skip) return;
  await browser.close();
  await server.close();
});

/**
 * Runs a test on a page of its own; fails on console errors and on what the policy refused.
 * @param {string} query @param {(page: Page) => Promise<void>} body @param {import('playwright-core').BrowserContextOptions} [options]
 */
async function onPage(query, body, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, acceptDownloads: true, ...options });
  const page = await context.newPage();
  /** @type {string[]} */
  const problems = [];
  page.on('console', (message) => { if (['error', 'warning'].includes(message.type())) problems.push(message.text()); });
  page.on('pageerror', (error) => problems.push(String(error.stack)));
  try {
    await open(page, query);
    await body(page);
    assert.deepEqual(problems, []);
  } finally {
    await context.close();
  }
}

/** @param {Page} page @param {string} query */
async function open(page, query) {
  await page.goto(server.url + query);
  await page.waitForFunction(() => /** @type {any} */ (window).painted > 0, null, { timeout: 30000 });
  await settled(page);
}

/** Waits until the picture no longer moves. @param {Page} page */
async function settled(page) {
  await page.evaluate(() => new Promise((resolve) => {
    let last = '';
    let same = 0;
    const look = () => {
      const world = /** @type {HTMLElement} */ (document.querySelector('.schema-world'));
      const now = `${world.style.transform} ${world.childElementCount} ${document.querySelector('.is-busy') ? Math.random() : ''}`;
      same = now === last ? same + 1 : 0;
      last = now;
      if (same > 5) resolve(undefined);
      else requestAnimationFrame(look);
    };
    look();
  }));
}

/** @param {Page} page */
const zoomOf = (page) => page.evaluate(() => Number((/scale\(([^)]+)\)/.exec(/** @type {HTMLElement} */ (document.querySelector('.schema-world')).style.transform) || [])[1]));
/** @param {Page} page @param {string} id */
const card = (page, id) => page.locator(`.schema-card[data-id="${id}"]`);
/** @param {Page} page @param {string} id */
async function middle(page, id) {
  const box = await card(page, id).boundingBox();
  assert.ok(box, `${id} is on the page`);
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}
/** A place on the surface with nothing on it. @param {Page} page */
const emptySpot = (page) => page.evaluate(() => {
  for (let y = 180; y < 700; y += 7) for (let x = 120; x < 1200; x += 7) if (document.elementFromPoint(x, y)?.matches('.schema-surface, .schema-labels, .schema-canvas')) return { x, y };
  throw new Error('the surface is full');
});
/** @param {Page} page @param {string} text */
async function find(page, text) {
  await page.keyboard.press('/');
  await page.keyboard.type(text);
  await page.waitForSelector('.schema-results:not([hidden]) [role=option]');
  await page.keyboard.press('Enter');
  await settled(page);
}
/** @param {Page} page */
async function everything(page) {
  await page.click('.schema-segment:text-is("Everything")');
  await settled(page);
}

test('the policy of these pages is that of the product', { skip }, async () => {
  const settings = await readFile(new URL('../../inspector/settings.py', import.meta.url), 'utf8');
  const block = (/SECURE_CSP = \{([^}]*)\}/.exec(settings) || [])[1];
  const words = /** @type {Record<string, string>} */ ({ 'CSP.NONE': "'none'", 'CSP.SELF': "'self'", '"data:"': 'data:' });
  const product = Object.fromEntries([...block.matchAll(/"([\w-]+)": \[([^\]]*)\]/g)].map(([, name, value]) => [name, value.split(', ').map((part) => words[part] || part).join(' ')]));
  assert.deepEqual(product, POLICY);
});

test('no models: says so, and why, instead of an empty board', { skip }, async () => {
  await onPage('?n=0', async (page) => {
    assert.match(await page.innerText('.schema-empty'), /No models\s+No app of this project defines a model/);
    assert.equal(await page.isVisible('.schema-toolbar'), false);
  });
  await onPage('?sample=broken', async (page) => assert.match(await page.innerText('.schema-empty'), /1 file of this project could not be understood/));
});

test('one model: its card in the middle at 100 %, with fields', { skip }, () => onPage('?n=1', async (page) => {
  assert.equal(await zoomOf(page), 1);
  assert.equal(await page.locator('.schema-card').count(), 1);
  assert.ok(await page.locator('.schema-row').count() > 2);
  const { x } = await middle(page, /** @type {string} */ (await page.locator('.schema-card').getAttribute('data-id')));
  assert.ok(Math.abs(x - 640) < 3);
}));

test('200 models: opens on the apps, goes into one and back', { skip }, () => onPage('?n=200', async (page) => {
  assert.equal(await page.locator('.schema-app').count(), 16);
  await page.dblclick('[data-id="catalog"] .schema-app-facts');
  await settled(page);
  assert.match(await page.innerText('.schema-crumb'), /catalog/);
  assert.equal(await page.evaluate(() => /** @type {HTMLElement} */ (document.activeElement).className.includes('schema-card')), true, 'the keyboard is in the app');
  assert.ok((await page.locator('.schema-card').evaluateAll((all) => all.map((one) => /** @type {HTMLElement} */ (one).dataset.id))).every((id) => String(id).startsWith('catalog.')));
  await page.keyboard.press('Escape');
  await settled(page);
  assert.equal(await page.locator('.schema-app').count(), 16);
}));

test('the wheel zooms to the pointer, dragging pans, double click zooms', { skip }, () => onPage('?n=12', async (page) => {
  const before = await middle(page, 'catalog.Ticket');
  const zoom = await zoomOf(page);
  await page.mouse.move(before.x, before.y);
  await page.mouse.wheel(0, -300);
  await settled(page);
  const zoomed = await middle(page, 'catalog.Ticket');
  assert.ok(await zoomOf(page) > zoom * 1.3);
  assert.ok(Math.hypot(zoomed.x - before.x, zoomed.y - before.y) < 3, 'what is under the pointer stays there');
  const free = await emptySpot(page);
  await page.mouse.move(free.x, free.y);
  await page.mouse.down();
  await page.mouse.move(free.x + 40, free.y + 30, { steps: 4 });
  await page.mouse.move(free.x - 60, free.y - 20, { steps: 4 });
  await page.mouse.up();
  await settled(page);
  const panned = await middle(page, 'catalog.Ticket');
  assert.ok(Math.abs(panned.x - zoomed.x + 60) < 3 && Math.abs(panned.y - zoomed.y + 20) < 3);
  const now = await zoomOf(page);
  const again = await emptySpot(page);
  await page.mouse.dblclick(again.x, again.y);
  await settled(page);
  assert.ok(await zoomOf(page) > now * 1.5);
}));

test('two fingers zoom between them, and a lifted one leaves a drag', { skip }, () => onPage('?n=12', async (page) => {
  const zoom = await zoomOf(page);
  await page.evaluate(() => {
    const canvas = /** @type {HTMLElement} */ (document.querySelector('.schema-canvas'));
    const fire = (/** @type {string} */ type, /** @type {number} */ pointerId, /** @type {number} */ clientX) => canvas.dispatchEvent(new PointerEvent(type, { bubbles: true, pointerId, pointerType: 'touch', clientX, clientY: 420 }));
    fire('pointerdown', 1, 600);
    fire('pointerdown', 2, 700);
    fire('pointermove', 2, 800);
    fire('pointerup', 1, 600);
    fire('pointerup', 2, 800);
  });
  await settled(page);
  assert.ok(Math.abs(await zoomOf(page) / zoom - 2) < 0.01);
}));

test('a card can be moved without a pointer', { skip }, () => onPage('?n=12', async (page) => {
  await find(page, 'accounts.user');
  const place = () => page.evaluate(() => /** @type {HTMLElement} */ (document.querySelector('[data-id="accounts.User"]')).style.transform.match(/-?\d+/g)?.map(Number) || []);
  const [x, y] = await place();
  await page.keyboard.press('Alt+ArrowRight');
  await page.keyboard.press('Alt+ArrowDown');
  assert.deepEqual(await place(), [x + 20, y + 20]);
}));

test('zoom keys work from the bar too, and a menu closes on Escape before anything else does', { skip }, () => onPage('?n=60', async (page) => {
  await everything(page);
  const zoom = await zoomOf(page);
  await page.keyboard.press('+');
  await settled(page);
  assert.ok(await zoomOf(page) > zoom);
  await page.click('summary:has-text("View")');
  await page.keyboard.press('Escape');
  assert.equal(await page.locator('details[open]').count(), 0);
  assert.match(await page.innerText('.schema-crumb'), /60 models/);
  await page.keyboard.press('Escape');
  await settled(page);
  assert.match(await page.innerText('.schema-crumb'), /7 apps/);
}));

test('search finds, centres and selects; the relations are there as text', { skip }, () => onPage('?n=200', async (page) => {
  await everything(page);
  await find(page, 'accounts.user');
  const at = await middle(page, 'accounts.User');
  assert.ok(Math.abs(at.x - (1280 - 288) / 2) < 4 && Math.abs(at.y - 420) < 30, JSON.stringify(at));
  assert.equal(await card(page, 'accounts.User').getAttribute('aria-current'), 'true');
  assert.equal(await page.evaluate(() => /** @type {HTMLElement} */ (document.activeElement).dataset.id), 'accounts.User');
  assert.match(await page.innerText('.schema-panel'), /Pointed to by \(\d+\)/);
  assert.match(await page.innerText('.schema-live'), /accounts\.User/);
  await page.keyboard.press('/');
  await page.keyboard.type('zzzz');
  assert.match(await page.innerText('.schema-results-none'), /No model, app or field matches “\/?zzzz”|matches “zzzz”/);
}));

test('selecting brightens what is related and dims the rest; Escape clears', { skip }, () => onPage('?n=12', async (page) => {
  const graph = generateModels(12).models;
  const source = graph.find((item) => item.fields.some((/** @type {any} */ one) => one.rel && one.rel.to !== item.label));
  const related = new Set([source.label, ...source.fields.filter((/** @type {any} */ one) => one.rel).map((/** @type {any} */ one) => one.rel.to),
    ...graph.filter((item) => item.fields.some((/** @type {any} */ one) => one.rel && one.rel.to === source.label)).map((item) => item.label)]);
  const at = await middle(page, source.label);
  await page.mouse.click(at.x, at.y);
  await page.waitForSelector('.schema-card.is-selected');
  const bright = await page.locator('.schema-card:not(.is-dim)').evaluateAll((all) => all.map((one) => /** @type {HTMLElement} */ (one).dataset.id));
  assert.deepEqual(bright.sort(), [...related].sort());
  await page.keyboard.press('Escape');
  assert.equal(await page.locator('.schema-card.is-dim').count(), 0);
  assert.equal(await page.isVisible('.schema-panel'), false);
}));

test('by keyboard alone: Tab to a card, Enter twice to its neighbours, arrows, zoom, fit, back', { skip }, () => onPage('?n=12', async (page) => {
  await page.focus('.schema-surface');
  await page.keyboard.press('Tab');
  const first = await page.evaluate(() => /** @type {HTMLElement} */ (document.activeElement).dataset.id);
  await page.keyboard.press('Tab');
  const second = await page.evaluate(() => /** @type {HTMLElement} */ (document.activeElement).dataset.id);
  assert.ok(first && second && first !== second);
  await page.keyboard.press('Enter');
  await page.waitForSelector('.schema-card.is-selected');
  await page.keyboard.press('o');
  assert.deepEqual(await page.evaluate(() => /** @type {any} */ (window).opened), [second]);
  await page.keyboard.press('Enter');
  await settled(page);
  assert.match(await page.innerText('.schema-crumb'), new RegExp(String(second).replace('.', '\\.')));
  const zoom = await zoomOf(page);
  await page.keyboard.press('+');
  await settled(page);
  assert.ok(await zoomOf(page) > zoom);
  const left = (await middle(page, String(second))).x;
  await page.keyboard.press('Shift+ArrowRight');
  await settled(page);
  assert.ok(Math.abs(left - (await middle(page, String(second))).x - 80) < 2);
  await page.keyboard.press('0');
  await settled(page);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await settled(page);
  assert.equal(await page.locator('.schema-card').count(), 12);
}));

test('arrows lead from card to card, and each is brought into view', { skip }, () => onPage('?n=30', async (page) => {
  await everything(page);
  await page.locator('.schema-surface').focus();
  await page.keyboard.press('ArrowRight');
  const at = () => page.evaluate(() => {
    const card = /** @type {HTMLElement} */ (document.activeElement);
    const box = card.getBoundingClientRect();
    const around = /** @type {Element} */ (document.querySelector('.schema-surface')).getBoundingClientRect();
    return { id: card.dataset.id || '', x: box.x + box.width / 2, y: box.y + box.height / 2, inside: box.left >= around.left - 1 && box.right <= around.right + 1 };
  });
  let last = await at();
  assert.ok(last.id, 'a card has the focus');
  const walked = new Set([last.id]);
  for (const [key, axis, sign] of /** @type {const} */ ([['ArrowRight', 'x', 1], ['ArrowDown', 'y', 1], ['ArrowLeft', 'x', -1], ['ArrowUp', 'y', -1]])) {
    const before = (await middle(page, last.id))[axis];
    await page.keyboard.press(key);
    await settled(page);
    const now = await at();
    if (now.id === last.id) continue; // the outermost card of that side
    assert.ok((now[axis] - (await middle(page, last.id))[axis]) * sign > 0, `${key}: ${before} to ${JSON.stringify(now)}`);
    assert.ok(now.inside, key);
    walked.add(now.id);
    last = now;
  }
  assert.ok(walked.size > 2, [...walked].join(' '));
}));

test('a card stays where it was put: after a reload, and after a re-scan that brings a model', { skip }, () => onPage('?n=30', async (page) => {
  await everything(page);
  await page.keyboard.press('/');
  await page.keyboard.type('accounts.user');
  await page.keyboard.press('Enter');
  await settled(page);
  const at = await middle(page, 'accounts.User');
  await page.mouse.move(at.x, at.y + 20);
  await page.mouse.down();
  await page.mouse.move(at.x + 90, at.y + 90, { steps: 5 });
  await page.mouse.up();
  const place = () => page.evaluate(() => /** @type {HTMLElement} */ (document.querySelector('[data-id="accounts.User"]')).style.transform);
  const moved = await place();
  assert.match(await page.evaluate(() => localStorage.getItem('djdesk.schema.w1') || ''), /accounts\.User/);
  await open(page, '?n=30');
  await everything(page);
  await find(page, 'accounts.user');
  assert.equal(await place(), moved);
  await page.evaluate((data) => /** @type {any} */ (window).schema.update(data), grown);
  await settled(page);
  assert.equal(await place(), moved);
  await find(page, 'brandnew');
  assert.equal(await card(page, 'catalog.BrandNew').count(), 1);
  await page.click('summary:has-text("View")');
  await page.click('text=Reset layout');
  await settled(page);
  await find(page, 'accounts.user');
  assert.notEqual(await place(), moved);
}));

test('300 models: the page holds only the cards that can be seen', { skip }, () => onPage('?n=300', async (page) => {
  await everything(page);
  assert.ok(await page.locator('.schema-card').count() <= 2, 'painted, not built');
  await find(page, 'accounts.user');
  const near = await page.locator('.schema-card').count();
  assert.ok(near > 0 && near < 60, `${near}`);
  for (let step = 0; step < 12; step += 1) await page.keyboard.press('Shift+ArrowRight');
  await settled(page);
  assert.ok(await page.locator('.schema-card').count() < 60);
  assert.ok(await page.locator('.schema-surface *').count() < 6000);
}));

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
  // The browser reports the refused script on the console; nothing else may be there.
  assert.match(String(error), /harness\.css|MIME/);
}));

test('apps can be hidden, hubs drawn, a path found', { skip }, () => onPage('?n=60', async (page) => {
  await everything(page);
  await page.click('summary:has-text("Filter")');
  await page.uncheck('.schema-choices input[name="accounts"]');
  await settled(page);
  assert.match(await page.innerText('.schema-crumb'), /51 models/);
  await page.click('.schema-menu-actions >> text=All');
  await page.keyboard.press('Escape');
  await settled(page);
  await find(page, 'accounts.user');
  await page.click('.schema-panel >> text=Path to…');
  const graph = buildGraph(generateModels(60));
  const far = graph.nodes.map((node) => shortestPath(graph, 'accounts.User', node.id)).find((path) => path && path.nodes.length === 4);
  assert.ok(far);
  await find(page, far.nodes[3]);
  assert.match(await page.innerText('.schema-panel'), /Path \(3 steps\)/);
  assert.deepEqual(await page.locator('.schema-panel ol button').allInnerTexts(), far.nodes);
  await everything(page);
  await page.evaluate(() => /** @type {any} */ (window).schema.focus('accounts.User'));
  await settled(page);
  const pointing = /** @type {string} */ (graph.edges.find((edge) => edge.hub)?.from);
  await find(page, pointing);
  assert.equal(await card(page, pointing).locator('.schema-chip[data-to="accounts.User"]').count(), 1);
  await page.click('summary:has-text("View")');
  await page.check('input[name="hubs"]');
  await settled(page);
  assert.equal(await card(page, pointing).locator('.schema-chip[data-to="accounts.User"]').count(), 0, 'a line now, no chip');
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

/** The picture as it is on the screen, as text. @param {Page} page */
async function asSvg(page) {
  await page.click('summary:has-text("Export")');
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('.schema-item:text-is("SVG picture")')]);
  return readFile(/** @type {string} */ (await download.path()), 'utf8');
}
/** Lines with a title are edges; those laid out in layers are straight between their corners. @param {string} svg */
const courses = (svg) => [...svg.matchAll(/<path d="([^"]+)"[^>]*><title>/g)].map(([, d]) => d);

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

test('names from a project stay text', { skip }, () => onPage('?sample=hostile', async (page) => {
  const id = hostile.models[0].label;
  assert.equal(await page.locator('.schema-surface img, .schema-surface b, .schema-body script').count(), 0);
  await page.evaluate((label) => /** @type {any} */ (window).schema.focus(label), id);
  await settled(page);
  assert.match(await page.innerText('.schema-panel'), /<script>alert\(1\)<\/script>/);
  assert.equal(await page.locator('.schema-panel script').count(), 0);
}));

for (const [name, query, act] of /** @type {[string, string, ((page: Page) => Promise<void>)|null][]} */ ([
  ['one card', '?n=1', null], ['app map', '?n=60', null], ['empty', '?n=0', null], ['everything with a selection', '?n=60', async (page) => {
    await everything(page);
    await find(page, 'accounts.user');
  }],
])) {
  test(`axe finds nothing in light and dark: ${name}`, { skip }, () => onPage(query, async (page) => {
    if (act) await act(page);
    // The policy forbids injected scripts; the debugger's evaluation is not subject to it.
    await page.evaluate(await readFile(axe, 'utf8'));
    for (const colorScheme of /** @type {('light'|'dark')[]} */ (['light', 'dark'])) {
      // Half-way through a transition every contrast is wrong.
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await settled(page);
      const found = await page.evaluate(() => /** @type {any} */ (window).axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
      assert.deepEqual(found.violations.map((/** @type {any} */ item) => `${colorScheme} ${item.id}: ${item.nodes.map((/** @type {any} */ node) => `${node.target} ${node.failureSummary}`).slice(0, 3).join('; ')}`), []);
    }
  }));
}
