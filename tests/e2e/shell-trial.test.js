/** A version that has to prove itself: in the window after an update, and before it in a rehearsal. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after } from 'node:test';

import { until } from '../electron/fixtures/harness.js';
import { appFile, PYTHON } from './support/app.js';
import { copyOfApp } from './support/parity.js';
import { close, long, shown, windowTest } from './support/window-steps.js';
import { endDisplay, openShell, runShell } from './window.js';

after(endDisplay);

const ID = '0123456789abcdef';
/** A server of its own, a migration, and 20 s. */
const TRIAL_MS = 60000;

/** @param {string} dataDir @param {string} name @returns {any} */
const readJson = (dataDir, name) => {
  try {
    return JSON.parse(fs.readFileSync(path.join(dataDir, 'updates', name), 'utf8'));
  } catch {
    return {};
  }
};

/** @param {string} dataDir */
function onTrial(dataDir) {
  fs.mkdirSync(path.join(dataDir, 'updates'), { recursive: true });
  fs.writeFileSync(path.join(dataDir, 'updates', 'update.json'), JSON.stringify({ format: 1, id: ID, state: 'booting', backup: '', guardian: [], history: [] }));
}

/** Replaces the first page. @param {string} folder @param {string} code lines of Python */
function firstPage(folder, code) {
  const file = path.join(folder, 'library', 'views.py');
  const text = fs.readFileSync(file, 'utf8').replace(/def books\(request\):\n/, (head) => `${head}${code.replace(/^/gm, '    ')}\n`);
  assert.ok(text.includes(code.split('\n')[0]));
  fs.writeFileSync(file, text);
}
const FAILS = 'raise RuntimeError("broken")';
const LOGIN = 'from django.shortcuts import redirect\nreturn redirect("/admin/login/")';
const MISSING = 'from django.http import HttpResponseNotFound\nreturn HttpResponseNotFound()';

windowTest('a version on trial is confirmed by its first page, even an empty 404, its worker and its age', { skip: long }, async (t) => {
  const folder = copyOfApp(t);
  firstPage(folder, MISSING);
  const dataDir = path.join(folder, '..', 'data é');
  onTrial(dataDir);
  const begun = Date.now();
  const running = await shown(t, { dataDir, appFile: appFile(folder), python: PYTHON, args: [`--update=${ID}`] });
  await until(() => readJson(dataDir, 'boot.json').stage === 'waiting', { what: () => JSON.stringify(readJson(dataDir, 'boot.json')) });
  assert.equal(fs.existsSync(path.join(dataDir, 'updates', 'confirmed.json')), false);
  await until(() => readJson(dataDir, 'confirmed.json').id === ID, { limitMs: TRIAL_MS, what: () => running.log() });
  assert.ok(Date.now() - begun >= 20000);
  const { id, pid, shown: page } = readJson(dataDir, 'boot.json');
  assert.deepEqual({ id, pid, page }, { id: ID, pid: running.pid, page: true });
  await close(running);
});

/** The events of a rehearsal, one per line. @param {string} text @returns {any[]} */
const told = (text) => text.trim().split('\n').map((line) => JSON.parse(line));

windowTest('a first page that fails is reported, and a rehearsal fails by it', async (t) => {
  const folder = copyOfApp(t);
  firstPage(folder, FAILS);
  const dataDir = path.join(folder, '..', 'data é');
  onTrial(dataDir);
  await t.test('in the window', async (step) => {
    const running = await openShell(step, { dataDir, appFile: appFile(folder), python: PYTHON, args: [`--update=${ID}`] });
    await until(() => readJson(dataDir, 'boot.json').stage === 'failed', { limitMs: TRIAL_MS, what: () => running.log() });
    assert.match(readJson(dataDir, 'boot.json').reason, /first page answered 500/);
    assert.equal(fs.existsSync(path.join(dataDir, 'updates', 'confirmed.json')), false);
    await close(running);
  });
  await t.test('in a rehearsal', async (step) => {
    const { text, ended } = await runShell(step, { args: ['--rehearse'], dataDir: path.join(folder, '..', 'rehearsal'), appFile: appFile(folder), python: PYTHON });
    assert.equal(await ended, 1);
    assert.match(told(text()).at(-1).reason, /first page answered 500/);
  });
});

windowTest('a version that begins with a login passes its rehearsal without being seen', async (t) => {
  const folder = copyOfApp(t);
  firstPage(folder, LOGIN);
  const dataDir = path.join(folder, '..', 'data é');
  const { text, ended } = await runShell(t, { args: ['--rehearse'], dataDir, appFile: appFile(folder), python: PYTHON });
  assert.equal(await ended, 0, text());
  // Its stages and no failure: migrating a database gets more time.
  assert.deepEqual([...new Set(told(text()).map(({ event }) => event))], ['stage']);
  assert.ok(fs.existsSync(path.join(dataDir, 'app.sqlite3')));
});
