/** The jump list of Windows, which only Windows displays. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { jumpList } from '../../electron/policy/jump-list.js';

const shop = { label: 'shop', path: '/projects/3/', folder: 'C:\\code\\shop' };

test('each entry starts the app with the link of its page', () => {
  const [category] = jumpList('djdesk', [shop], 'C:\\app.exe', 'Recent');
  assert.deepEqual([category.type, category.name, category.items?.length], ['custom', 'Recent', 1]);
  const [item] = category.items || [];
  assert.deepEqual([item.title, item.program, item.args], ['shop', 'C:\\app.exe', 'djdesk://open/projects/3/']);
});

test('what is no link of the app is left out, and an app without a scheme has no list', () => {
  for (const path of ['/a b/', '/x" --flag', '/../etc/', '//host/', '/a?b=c', '/a/%2e/']) {
    assert.deepEqual(jumpList('djdesk', [{ ...shop, path }], 'app.exe', 'Recent'), [], path);
  }
  assert.deepEqual(jumpList('', [shop], 'app.exe', 'Recent'), []);
  assert.equal(jumpList('djdesk', [{ ...shop, path: '/a b/' }, shop], 'app.exe', 'Recent')[0].items?.length, 1);
});
