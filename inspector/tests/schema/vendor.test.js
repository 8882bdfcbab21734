import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const vendor = new URL('../../inspector/static/inspector/vendor/', import.meta.url);
const installed = (() => {
  try {
    return Boolean(createRequire(import.meta.url).resolve('d3-force'));
  } catch {
    return false;
  }
})();

test('every package in the vendored file is named with its version and has its licence beside it', async () => {
  const code = await readFile(new URL('d3-force.js', vendor), 'utf8');
  const licences = await readFile(new URL('d3-force.LICENSE.txt', vendor), 'utf8');
  const names = [...code.split('\n')[1].matchAll(/(d3-\w+ \d+\.\d+\.\d+)/g)].map(([, name]) => name);
  assert.equal(names.length, 4);
  for (const name of names) assert.ok(licences.includes(`${name} (ISC)`), name);
  assert.equal(licences.split('Permission to use, copy, modify').length - 1, 4);
});

test('ELK comes unchanged, under the licence that is taken, with where its source is', async () => {
  const code = await readFile(new URL('elk-worker.js', vendor), 'utf8');
  const licence = await readFile(new URL('elk-worker.LICENSE.txt', vendor), 'utf8');
  const [, version] = /^\/\/ elkjs (\d+\.\d+\.\d+); /.exec(code) || [];
  assert.ok(version && licence.startsWith(`elkjs ${version} (EPL-2.0)\n`));
  assert.match(licence, /The source code is in/);
  assert.match(licence, /Eclipse Public License - v 2\.0/);
  assert.ok(!/\beval\(|\bFunction\(/.test(code), 'the policy of the pages forbids code from text');
});

test('the vendored file is what scripts/vendor.js makes of the locked versions', { skip: installed ? false : 'd3-force is not installed: run npm ci' }, () => {
  execFileSync(process.execPath, [fileURLToPath(new URL('../../scripts/vendor.js', import.meta.url)), '--check'], { stdio: 'pipe' });
});
