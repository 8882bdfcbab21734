import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cleanPlaces, createStore } from '../../inspector/static/inspector/schema/store.js';

function memory(/** @type {any} */ value = {}) {
  return { value, load() { return this.value; }, save(/** @type {any} */ next) { this.value = JSON.parse(JSON.stringify(next)); } };
}

test('places come back after a restart, also of models that are not shown now', () => {
  const state = memory();
  const store = createStore(state);
  store.put('all/keys', { 'a.A': [1, 2], 'a.B': [3, 4] });
  store.put('all/keys', { 'a.B': [5, 6] });
  assert.deepEqual(createStore(state).get('all/keys'), { 'a.A': [1, 2], 'a.B': [5, 6] });
  store.put('all/keys', { 'a.A': [9, 9, 1] });
  store.put('all/keys', { 'a.A': [9, 9], 'a.B': [7, 7] });
  assert.deepEqual(createStore(state).get('all/keys'), { 'a.A': [9, 9, 1], 'a.B': [7, 7] }, 'what a hand put there is known as such');
  createStore(state).forget('all/keys');
  assert.deepEqual(createStore(state).get('all/keys'), {});
});

test('damaged or foreign storage is forgotten, not trusted', () => {
  for (const bad of [null, 7, 'x', {}, { version: 2, places: { a: { b: [1, 2] } } }, { version: 1 }, { version: 1, places: 3 }]) assert.deepEqual(cleanPlaces(bad), {});
  assert.deepEqual(cleanPlaces({ version: 1, places: { s: { good: [1, 2], text: ['1', 2], huge: [1e9, 0], short: [1], none: null }, t: 4 } }), { s: { good: [1, 2] } });
});

test('only the scenes used last are kept', () => {
  const state = memory();
  const store = createStore(state);
  for (let at = 0; at < 60; at += 1) store.put(`app:${at}`, { x: [at, 0] });
  assert.equal(Object.keys(state.value.places).length, 24);
  assert.ok(state.value.places['app:59']);
});
