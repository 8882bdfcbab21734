import assert from 'node:assert/strict';
import { test } from 'node:test';

import { emptySpot, everything, find, middle, onPage, settled, skip, useSchema, zoomOf } from './support/schema.js';
import { generateModels } from '../support/schema-models.js';

useSchema();

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

test('selecting brightens what is related and dims the rest; Escape clears', { skip }, () => onPage('?n=12', async (page) => {
  const graph = generateModels(12).models;
  const source = graph.find((item) => item.fields.some((/** @type {any} */ one) => one.rel && one.rel.to !== item.label));
  const related = new Set([source.label, ...source.fields.filter((/** @type {any} */ one) => one.rel).map((/** @type {any} */ one) => one.rel.to),
    ...graph.filter((item) => item.fields.some((/** @type {any} */ one) => one.rel && one.rel.to === source.label)).map((item) => item.label)]);
  // Zoom to everything: the positions of cards depend on the layout's speed.
  await page.keyboard.press('0');
  await settled(page);
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
  assert.match(await page.innerText('.schema-crumb'), /12 models/);
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
    if (now.id === last.id) continue; // the outermost card on that side
    assert.ok((now[axis] - (await middle(page, last.id))[axis]) * sign > 0, `${key}: ${before} to ${JSON.stringify(now)}`);
    assert.ok(now.inside, key);
    walked.add(now.id);
    last = now;
  }
  assert.ok(walked.size > 2, [...walked].join(' '));
}));

test('the first card is one Tab away, however many there are', { skip }, () => onPage('?n=306', async (page) => {
  assert.equal(await page.evaluate(() => document.activeElement?.className), 'schema-surface', 'where the page begins');
  const focused = () => page.evaluate(() => /** @type {HTMLElement} */ (document.activeElement).dataset.id || '');
  await page.keyboard.press('Tab');
  assert.ok(await focused(), 'an app');
  await everything(page);
  await page.locator('.schema-surface').focus();
  await page.keyboard.press('Tab');
  const first = await focused();
  assert.match(first, /\w\.\w/, 'a model');
  await page.keyboard.press('ArrowRight');
  assert.notEqual(await focused(), first);
}));
