import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MAX_ZOOM, MIN_ZOOM, between, bounds, clampZoom, detailAt, fit, opening, READABLE, reveal, toScreen, toWorld, visible, zoomAt } from '../../inspector/static/inspector/schema/viewport.js';
import { commandFor } from '../../inspector/static/inspector/schema/keyboard.js';

const view = { x: 40, y: -30, k: 0.5 };

test('what lies under the pointer stays there while zooming, also at the ends of the range', () => {
  for (const factor of [1.3, 0.4, 1000, 0.0001]) {
    const before = toWorld(view, 200, 120);
    const after = toScreen(zoomAt(view, factor, 200, 120), before.x, before.y);
    assert.ok(Math.abs(after.x - 200) < 1e-6 && Math.abs(after.y - 120) < 1e-6);
  }
  assert.equal(zoomAt(view, 1000, 0, 0).k, MAX_ZOOM);
  assert.equal(zoomAt(view, 0, 0, 0).k, MIN_ZOOM);
  assert.equal(clampZoom(NaN), 1);
});

test('fit shows a box whole and in the middle, at 100 % at most', () => {
  const size = { w: 800, h: 600 };
  const large = fit({ x: 100, y: 100, w: 4000, h: 1000 }, size);
  assert.equal(large.k, 720 / 4000);
  assert.deepEqual(toScreen(large, 2100, 600), { x: 400, y: 300 });
  assert.equal(fit({ x: 0, y: 0, w: 10, h: 10 }, size).k, 1);
  assert.deepEqual(fit(null, size), { x: 0, y: 0, k: 1 });
  assert.deepEqual(fit({ x: 0, y: 0, w: 1, h: 1 }, { w: 0, h: 0 }), { x: 0, y: 0, k: 1 });
});

test('reveal pans no more than needed', () => {
  const size = { w: 800, h: 600 };
  const plain = { x: 0, y: 0, k: 1 };
  assert.deepEqual(reveal(plain, { x: 100, y: 100, w: 50, h: 50 }, size), plain);
  assert.deepEqual(reveal(plain, { x: 790, y: -50, w: 50, h: 50 }, size, 10), { x: -50, y: 60, k: 1 });
});

test('the visible part of the world, bounds, and the way between two views', () => {
  assert.deepEqual(visible({ x: -100, y: 0, k: 2 }, { w: 400, h: 200 }, 20), { x: 40, y: -10, w: 220, h: 120 });
  assert.deepEqual(bounds([{ x: 0, y: 5, w: 10, h: 10 }, { x: -5, y: 0, w: 1, h: 1 }]), { x: -5, y: 0, w: 15, h: 15 });
  assert.equal(bounds([]), null);
  const target = { x: 10, y: 20, k: 2 };
  assert.deepEqual(between(view, target, 1), target);
  assert.deepEqual(between(view, { ...view, x: 140 }, 0.5), { x: 90, y: -30, k: 0.5 });
});

test('fields from 60 %, names below, boxes far out', () => {
  assert.deepEqual([1, 0.7, 0.69, 0.42, 0.41].map((k) => detailAt(k)), ['fields', 'fields', 'title', 'title', 'box']);
  assert.equal(detailAt(0.5, true), 'box', 'a header alone has no room for a larger title');
});

test('keys: commands on the diagram, none while typing or with a system modifier', () => {
  const plain = { typing: false, onButton: false };
  assert.equal(commandFor({ key: 'ArrowLeft' }, plain), 'left');
  assert.equal(commandFor({ key: 'ArrowLeft', shiftKey: true }, plain), 'pan-left');
  assert.equal(commandFor({ key: 'ArrowLeft', altKey: true }, plain), 'nudge-left');
  assert.equal(commandFor({ key: '+' }, plain), 'in');
  assert.equal(commandFor({ key: '0' }, plain), 'fit');
  assert.equal(commandFor({ key: 'Escape' }, plain), 'back');
  assert.equal(commandFor({ key: 'Enter' }, plain), 'enter');
  assert.equal(commandFor({ key: 'Enter' }, { typing: false, onButton: true }), null);
  assert.equal(commandFor({ key: '/' }, { typing: true, onButton: false }), null);
  assert.equal(commandFor({ key: '0', ctrlKey: true }, plain), null);
  assert.equal(commandFor({ key: '-', metaKey: true }, plain), null);
  assert.equal(commandFor({ key: 'x' }, plain), null);
});

test('a few cards open readable, from their start; many or very wide ones open whole', () => {
  const size = { w: 1000, h: 600 };
  const wide = { x: -50, y: 20, w: 2000, h: 500 };
  const view = opening(wide, size, 40, 8);
  assert.equal(view.k, READABLE);
  assert.equal(Math.round(toScreen(view, wide.x, 0).x), 40);
  assert.ok(toScreen(view, 0, wide.y).y >= 40);
  assert.deepEqual(opening(wide, size, 40, 13), fit(wide, size, 40));
  assert.deepEqual(opening({ ...wide, w: 9000 }, size, 40, 8), fit({ ...wide, w: 9000 }, size, 40));
  assert.deepEqual(opening(null, size, 40, 0), fit(null, size, 40));
});
