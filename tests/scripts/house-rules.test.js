/** Rules for every file of the repository. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import { inRoot, ROOT } from '../../scripts/setup/paths.js';

/** @returns {string[]} */
function tracked() {
  try {
    return execFileSync('git', ['ls-files', '-z'], { cwd: ROOT, encoding: 'utf8' }).split('\0').filter(Boolean);
  } catch {
    return [];
  }
}

const files = tracked();
const options = { skip: files.length ? false : 'not a git checkout' };
const text = (/** @type {string} */ file) => fs.readFileSync(inRoot(file), 'utf8');

test('locks carry hashes and name no host', options, () => {
  const lock = JSON.parse(text('package-lock.json'));
  for (const [name, entry] of Object.entries(lock.packages)) {
    if (!name || entry.link) continue;
    assert(entry.integrity, `${name} has no integrity`);
    assert.equal(entry.resolved, undefined, `${name} names a host`);
  }
  for (const file of files.filter((name) => /^requirements\/.*\.txt$/.test(name))) {
    assert.doesNotMatch(text(file), /https?:|--index|--find-links/, file);
    assert.match(text(file), /--hash=sha256:/, file);
  }
  assert(!files.includes('uv.lock'));
});

test('every direct dependency of pyproject.toml is in the lock', options, () => {
  const block = /^dependencies = \[([^\]]*)\]/m.exec(text('pyproject.toml'))?.[1] ?? '';
  const names = [...block.matchAll(/"([a-z0-9-]+)/g)].map((match) => match[1]);
  assert(names.length > 3);
  for (const name of names) assert.match(text('requirements/app.txt'), new RegExp(`^${name}==`, 'm'));
});

test('nothing that belongs to a machine or a run is tracked', options, () => {
  const odd = files.filter((file) => /(^|\/)(node_modules|\.venv|build|dist|__pycache__)\/|\.(pyc|sqlite3|log)$/.test(file));
  assert.deepEqual(odd, []);
});

test('versions agree', options, () => {
  const { version } = JSON.parse(text('package.json'));
  assert.match(text('pyproject.toml'), new RegExp(`^version = "${version}"$`, 'm'));
  assert.match(text('src/djdesk/__init__.py'), new RegExp(`__version__ = "${version}"`));
});

test('links inside the documents lead somewhere', options, () => {
  for (const file of files.filter((name) => name.endsWith('.md'))) {
    for (const [, target] of text(file).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)) {
      const place = path.join(path.dirname(inRoot(file)), target);
      // Developers of their own apps may delete the inspector.
      if (fs.existsSync(inRoot('inspector')) || !place.startsWith(inRoot('inspector'))) assert(fs.existsSync(place), `${file} links to ${target}`);
    }
  }
});

/**
 * Returns the modules that it loads; types in comments do not count.
 * @param {string} code @returns {string[]} modules that it loads; types in comments are not loaded
 */
function modules(code) {
  const bare = code.replace(/\/\*[^]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  return [...bare.matchAll(/(?:\bfrom|\bimport|\bimport\(|\brequire\()\s*'([^']+)'/g)].map((match) => match[1]);
}

/** @param {string} code */
const loaded = (code) => modules(code).filter((name) => name.startsWith('.'));

/**
 * Returns the first cycle found, or nothing.
 * @param {Map<string, string[]>} graph @returns {string[]} the first circle found, or nothing
 */
function circle(graph) {
  /** @type {Set<string>} */
  const done = new Set();
  /** @type {(name: string, way: string[]) => string[]} */
  const walk = (name, way) => {
    if (way.includes(name)) return [...way.slice(way.indexOf(name)), name];
    if (done.has(name)) return [];
    for (const next of graph.get(name) ?? []) {
      const found = walk(next, [...way, name]);
      if (found.length) return found;
    }
    done.add(name);
    return [];
  };
  for (const name of graph.keys()) {
    const found = walk(name, []);
    if (found.length) return found;
  }
  return [];
}

/** @typedef {{ room: string, may: string[], why: string }} ImportRule */

/**
 * Imports of a folder's scripts that violate its rule, as "file: module".
 *
 * @param {ImportRule} rule @param {string[]} names @param {(name: string) => string} read
 */
function against(rule, names, read) {
  const allowed = [`${rule.room}/`, ...rule.may.map((one) => (one.startsWith('electron/') && !one.endsWith('.js') ? `${one}/` : one))];
  return names.filter((name) => name.startsWith(`${rule.room}/`)).flatMap((name) => modules(read(name))
    .map((from) => (from.startsWith('.') ? path.posix.join(path.posix.dirname(name), from) : from))
    .filter((from) => !allowed.some((one) => from === one || from.startsWith(/[/:]$/.test(one) ? one : `${one}/`)))
    .map((from) => `${name}: ${from}`));
}

test('scripts import what the rule of their folder allows', options, () => {
  const scripts = files.filter((name) => /^electron\/.*\.[cm]?js$/.test(name));
  /** @type {ImportRule[]} */
  const rules = JSON.parse(text('scripts/checks/import-rules.json')).javascript;
  for (const rule of rules) assert.deepEqual(against(rule, scripts, text), []);
  const folders = new Set(scripts.filter((name) => name.split('/').length > 2).map((name) => name.split('/').slice(0, 2).join('/')));
  assert.deepEqual([...folders].filter((folder) => !rules.some((rule) => rule.room === folder)), ['electron/pages']);
  const rule = { room: 'electron/policy', may: ['node:', 'get-port'], why: '' };
  const code = "import a from './a.js';\nimport { b } from '../shell/b.js';\nimport e from 'electron';\nimport fs from 'node:fs';\nimport p from 'get-port';";
  assert.deepEqual(against(rule, ['electron/policy/x.js'], () => code), ['electron/policy/x.js: electron/shell/b.js', 'electron/policy/x.js: electron']);
});

test('no scripts import each other in a circle', options, () => {
  const scripts = files.filter((name) => /\.[cm]?js$/.test(name) && !/\.min\.js$|\/vendor\//.test(name));
  const graph = new Map(scripts.map((name) =>
    [name, loaded(text(name)).map((from) => path.posix.join(path.posix.dirname(name), from))]));
  assert([...graph.values()].flat().length > 500, 'imports are found');
  assert.deepEqual(circle(graph), []);
  assert.deepEqual(circle(new Map([['a', ['b', 'c']], ['b', []], ['c', ['b', 'a']]])), ['a', 'c', 'a']);
  assert.deepEqual(loaded("/** @type {import('./x.js').X} */\nimport { b } from './b.js';\nawait import('./c.js');"), ['./b.js', './c.js']);
});

test('prose is at most 120 characters wide', options, () => {
  for (const file of files.filter((name) => name.endsWith('.md'))) {
    let fenced = false;
    for (const [index, line] of text(file).split('\n').entries()) {
      if (line.trimStart().startsWith('```')) fenced = !fenced;
      // A table row, a tag, and long inline code cannot be broken.
      if (fenced || /^\s*[|<]/.test(line) || /`[^`]{80,}`/.test(line)) continue;
      assert(line.length <= 120, `${file}:${index + 1} has ${line.length} characters`);
    }
  }
});

test('no file of code or tests is longer than 450 lines', options, () => {
  const long = (/** @type {string} */ content) => content.split('\n').length - 1 > 450;
  const code = files.filter((name) => /\.(py|[cm]?js|css|html|sh|ps1|nsh)$/.test(name) && !/\/vendor\//.test(name));
  assert(code.length > 500 && code.some((name) => name.startsWith('tests/tools/')), 'code and tests are found');
  assert.deepEqual(code.filter((name) => long(text(name))), []);
  assert(long('line\n'.repeat(451)) && !long('line\n'.repeat(450)));
});
