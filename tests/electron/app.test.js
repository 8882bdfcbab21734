/** app.json: fully parsed, refused with file and cause, and everything derived from it. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import { AppProblem, findApp, labelIn, readApp } from '../../electron/app.js';
import { dataDirPath } from '../../electron/backend/data-dir.js';
import { portableDataDir } from '../../electron/backend/portable.js';
import { APP_FILE, temporary } from './fixtures/harness.js';

const small = { format: 1, name: 'Books', id: 'org.example.books', slug: 'books', version: '1.0', root: '.' };

/** @param {import('node:test').TestContext} t @param {unknown} content */
function written(t, content) {
  const file = path.join(temporary(t), 'app.json');
  fs.writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

test('an app.json of five keys is an app; the others have defaults', (t) => {
  const file = written(t, { ...small, somethingNewer: true });
  const app = readApp(file);
  assert.equal(app.name, 'Books');
  assert.equal(app.root, path.dirname(file));
  assert.deepEqual(app.pages, { csp: 'strict', newWindows: 'own-origin', permissions: [] });
  assert.deepEqual([app.scheme, app.icon, app.menu, app.bridge, app.languages, app.processes], ['', '', [], [], ['en'], {}]);
});

test('pictures are found beside the file; one that is gone is left out, and a PNG serves for the window, too', (t) => {
  const file = written(t, { ...small, icon: 'a é.svg', windowIcon: 'a é.png' });
  fs.writeFileSync(path.join(path.dirname(file), 'a é.svg'), '<svg/>');
  assert.equal(readApp(file).icon, path.join(path.dirname(file), 'a é.svg'));
  assert.equal(readApp(file).windowIcon, '');
  fs.writeFileSync(path.join(path.dirname(file), 'a é.png'), '');
  assert.equal(readApp(file).windowIcon, path.join(path.dirname(file), 'a é.png'));
  assert.equal(readApp(written(t, { ...small, icon: path.join(path.dirname(file), 'a é.png') })).windowIcon, path.join(path.dirname(file), 'a é.png'));
});

test('what is wrong is told with the file, the key and what it must be', (t) => {
  const dir = temporary(t);
  const refused = (/** @type {unknown} */ content, /** @type {RegExp} */ words) => {
    const file = path.join(dir, 'app.json');
    fs.writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
    assert.throws(() => readApp(file), (error) => error instanceof AppProblem && error.message.startsWith(file) && words.test(error.message), String(words));
  };
  assert.throws(() => readApp(path.join(dir, 'none.json')), /none\.json cannot be read: ENOENT/);
  refused('{', /cannot be read: .*JSON/);
  refused('[]', /does not hold an object/);
  refused({ ...small, format: 2 }, /is of format 2; this shell reads format 1/);
  refused({ ...small, id: undefined }, /id is missing; it must be an identifier/);
  /** @type {[string, unknown][]} */
  const wrong = [
    ['name', ''], ['name', 'a/b'], ['name', '..'], ['name', ' a'], ['name', 'a.'], ['name', 'a\nb'], ['name', 'C:'], ['name', 'x'.repeat(61)], ['name', 7],
    ['id', 'books'], ['slug', 'Books'], ['slug', '../x'], ['slug', ''], ['version', 'new'], ['scheme', 'http:'], ['scheme', 'Books'], ['root', ''],
    ['languages', []], ['languages', 'en'], ['languages', ['../de']], ['icon', 'icon.exe'], ['helpUrl', 'https://example.org'], ['preferences', 'x'],
    ['bridge', ['folders', 'toString']], ['bridge', 'folders'], ['files', [{ ext: '../x', name: 'X' }]],
    ['menu', [{ menu: 'apple', label: 'X', path: '/' }]], ['menu', [{ menu: 'file', label: '', path: '/' }]], ['menu', [{ menu: 'file', label: 'X', path: '//x\\' }]],
    ['menu', [{ menu: 'file', label: 'X', path: '/x', message: 'x' }]], ['menu', [{ menu: 'file', label: 'X' }]], ['menu', [{ menu: 'go', submenu: '', label: 'X', path: '/' }]], ['menu', [{ menu: 'file', label: {}, path: '/' }]],
    ['processes', { huey: 'run_huey' }], ['processes', { 'a b': { command: ['x'] } }], ['processes', { huey: { command: [] } }], ['processes', { worker: { command: ['x'] } }],
  ];
  for (const [key, value] of wrong) refused({ ...small, [key]: value }, new RegExp(`${key} is .*; it must be `));
});

test('an installed app reads its own file whatever is named; in development one must be named', (t) => {
  const file = written(t, small);
  const resources = path.dirname(file);
  assert.equal(findApp(APP_FILE, resources).name, 'Books');
  assert.equal(findApp(file, null).name, 'Books');
  assert.throws(() => findApp(null, null), /--app=PATH/);
});

test('a label is said in the language of the window, else in English, else as it is', () => {
  assert.equal(labelIn('Plain', 'de'), 'Plain');
  assert.equal(labelIn({ en: 'Shelf', de: 'Regal' }, 'de'), 'Regal');
  assert.equal(labelIn({ en: 'Shelf', de: 'Regal' }, 'fr'), 'Shelf');
  assert.equal(labelIn({ de: 'Regal' }, 'fr'), 'Regal');
});

test('two apps keep nothing in the same place, on any system', () => {
  const apps = [readApp(APP_FILE), { ...readApp(APP_FILE), name: 'Bücher', slug: 'buecher' }];
  for (const platform of /** @type {NodeJS.Platform[]} */ (['linux', 'darwin', 'win32'])) {
    const [one, other] = apps.map((app) => dataDirPath(app, { platform, env: {}, home: platform === 'win32' ? 'C:\\U' : '/home/u' }));
    assert.notEqual(one, other);
    // The marker beside it, and no uninstaller.
    const exists = (/** @type {string} */ file) => file.endsWith('portable');
    const [here, there] = apps.map(({ name }) => portableDataDir({ name, env: {}, execPath: platform === 'win32' ? 'C:\\A\\a.exe' : '/a/a', platform, exists }));
    assert.ok(here && there && here !== there, platform);
  }
});
