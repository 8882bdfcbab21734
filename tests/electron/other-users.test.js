/** What another user of this computer can do while the browser shell starts: nothing. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

import { alive, APP_FILE, atEnd, temporary, until } from './fixtures/harness.js';
import { descendants, noRealPython, REAL } from './fixtures/processes.js';

const SHELL = fileURLToPath(new URL('../../electron/browser.js', import.meta.url));
const POLLER = fileURLToPath(new URL('fixtures/poller.py', import.meta.url));
const STARTS = process.env.DJDESK_TEST_LONG ? 20 : 5;
const NOBODY = 65534;
const skip = noRealPython
  || (process.platform !== 'linux' && 'reads /proc')
  || (process.getuid?.() !== 0 && 'only root can become another user');

/**
 * A poller with another uid, and its findings.
 * @param {import('node:test').TestContext} t
 */
async function poller(t) {
  // From its source text: another user may not be able to read the checkout.
  const child = spawn('python3', ['-c', fs.readFileSync(POLLER, 'utf8')], {
    uid: NOBODY, gid: NOBODY, cwd: '/', stdio: ['pipe', 'pipe', 'inherit'],
  });
  let out = '';
  child.stdout.on('data', (chunk) => { out += chunk; });
  atEnd(t, () => child.kill('SIGKILL'));
  const found = () => out.split('\n').filter(Boolean).map((line) => JSON.parse(line));
  await until(() => found().length, { what: 'a poller' });
  assert.equal(found()[0].uid, NOBODY);
  return { found: () => found().slice(1) };
}

/**
 * @param {import('node:test').TestContext} t
 * @param {string} dataDir
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 */
function shell(t, dataDir, args, env = {}) {
  const child = spawn(process.execPath, [SHELL, `--app=${APP_FILE}`, '--safe-mode', '--data-dir', dataDir, ...args], {
    env: { ...process.env, ...REAL, DISPLAY: '', WAYLAND_DISPLAY: '', ...env }, stdio: ['ignore', 'pipe', 'pipe'],
  });
  const seen = { out: '', err: '' };
  child.stdout.on('data', (chunk) => { seen.out += chunk; });
  child.stderr.on('data', (chunk) => { seen.err += chunk; });
  const exited = new Promise((resolve) => { child.once('close', resolve); });
  atEnd(t, async () => {
    // Its server exits by itself when the shell is gone, and writes until then.
    const left = descendants(Number(child.pid));
    child.kill('SIGKILL');
    await exited;
    await until(() => !left.some(alive), { what: 'the end of its server' });
  });
  return { child, seen, exited };
}

/** @param {import('node:test').TestContext} t */
function openFolder(t) {
  const dir = temporary(t);
  fs.chmodSync(dir, 0o755);
  return dir;
}

test('the poller gets in where an address stands in arguments, and ends the session of whoever comes first', { skip }, async (t) => {
  const spy = await poller(t);
  const { seen } = shell(t, path.join(openFolder(t), 'data'), ['--no-open']);
  await until(() => seen.out.includes('\n'), { what: 'ready' });
  const { url } = JSON.parse(seen.out);
  const careless = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)', url]);
  atEnd(t, () => careless.kill('SIGKILL'));
  await until(() => spy.found().length, { what: 'a finding' });
  assert.deepEqual(spy.found()[0], { what: 'address', in: true });
  const late = await fetch(url, { redirect: 'manual' });
  assert.equal(late.status, 403);
  assert.match(await late.text(), /is now signed out/);
});

test(`a poller gets in on 0 of ${STARTS} starts`, { skip }, async (t) => {
  const dir = openFolder(t);
  const dataDir = path.join(dir, 'data');
  const opener = path.join(dir, 'bin');
  const got = path.join(dir, 'got');
  fs.mkdirSync(opener);
  // A slow browser: long enough for a process that reads arguments. Then it opens the page.
  fs.writeFileSync(path.join(opener, 'xdg-open'), `#!${process.execPath}
const fs = require('node:fs');
setTimeout(async () => {
  const page = fs.readFileSync(process.argv[2], 'utf8');
  const answer = await fetch(/action="([^"]+)"/.exec(page)[1], {
    method: 'POST', body: new URLSearchParams({ code: /value="([^"]+)"/.exec(page)[1] }),
  });
  fs.appendFileSync(${JSON.stringify(got)}, answer.status + '\\n');
}, 300);
`, { mode: 0o755 });
  const spy = await poller(t);
  for (let start = 0; start < STARTS; start += 1) {
    const { child, seen, exited } = shell(t, dataDir, [], { PATH: `${opener}:${process.env.PATH}`, DISPLAY: ':9' });
    await until(() => seen.err.includes('Opened in your browser'), { what: `the browser; ${seen.err}` });
    child.kill('SIGTERM');
    await exited;
  }
  assert.equal(fs.readFileSync(got, 'utf8'), '200\n'.repeat(STARTS), 'the user gets in');
  // It reads the arguments of all programs: a parallel test may open a page too.
  const pages = spy.found().filter(({ what }) => what.startsWith(dir));
  assert.equal(pages.length, STARTS, 'the poller saw every page');
  assert.deepEqual(pages.filter((finding) => finding.in), []);
});
