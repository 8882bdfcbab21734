import assert from 'node:assert/strict';
import fs from 'node:fs';
import test from 'node:test';

import { inRoot } from '../../scripts/setup/paths.js';
import { partOfLock } from '../../scripts/wheel/npm-lock.js';

/** @param {Record<string, object>} packages */
const lockOf = (packages) => ({ lockfileVersion: 3, packages });

test('a part of a lock holds what is wanted with its dependencies, each in the version that Node would find', () => {
  const { lock, packageJson } = partOfLock(lockOf({
    '': {},
    'node_modules/a': { version: '1.0.0', dev: true, integrity: 'sha512-a', dependencies: { b: '^2' }, optionalDependencies: { gone: '1' } },
    'node_modules/a/node_modules/b': { version: '2.0.0', integrity: 'sha512-b2' },
    'node_modules/b': { version: '1.0.0', integrity: 'sha512-b1' },
    'node_modules/other': { version: '1.0.0' },
  }), { name: 'tools', version: '1', wanted: ['a'], versions: { a: '1.0.0' } });
  assert.deepEqual(Object.keys(lock.packages), ['', 'node_modules/a', 'node_modules/a/node_modules/b']);
  assert.equal(lock.packages['node_modules/a'].dev, undefined, 'the checkout needs it for development; a tool is not installed with --omit=dev');
  assert.deepEqual(packageJson.dependencies, { a: '1.0.0' });
});

test('a dependency that the lock does not have stops the build', () => {
  assert.throws(
    () => partOfLock(lockOf({ 'node_modules/a': { version: '1', dependencies: { b: '1' } } }), { name: 't', version: '1', wanted: ['a'], versions: {} }),
    /b, which node_modules\/a needs, is not in the lock/,
  );
});

test('the part of our own lock has hashes and names no host', () => {
  const root = JSON.parse(fs.readFileSync(inRoot('package-lock.json'), 'utf8'));
  const { lock } = partOfLock(root, { name: 't', version: '1', wanted: ['electron', 'electron-builder'], versions: {} });
  const entries = Object.entries(lock.packages).filter(([name]) => name);
  assert(entries.length > 100);
  for (const [name, entry] of entries) {
    assert(entry.integrity, name);
    assert.equal(entry.resolved, undefined, name);
  }
});
