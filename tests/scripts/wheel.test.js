import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';

import { inRoot } from '../../scripts/setup/paths.js';
import { partOfLock } from '../../scripts/wheel/npm-lock.js';
import { makeShell } from '../../src/djdesk/tools/node/shell.js';

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

test('no start of the window loads the packages for updates; made again from what was made, they are still apart', async (t) => {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'djdesk-shell-'));
  t.after(() => fs.rmSync(dir, { recursive: true }));
  const once = path.join(dir, 'once');
  await makeShell(inRoot(), once);
  await makeShell(once, path.join(dir, 'twice'));
  for (const made of [once, path.join(dir, 'twice')]) {
    const files = fs.readdirSync(path.join(made, 'electron')).filter((name) => name.endsWith('.js'));
    const holds = (/** @type {string} */ name) => fs.readFileSync(path.join(made, 'electron', name), 'utf8').includes('AppUpdater = class');
    assert.deepEqual(files.filter((name) => !name.startsWith('later-')).sort(), ['browser.js', 'main.js']);
    assert.equal(holds('main.js'), false);
    assert.equal(files.filter(holds).length, 1);
  }
});
