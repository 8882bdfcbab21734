/** The remedies for a failed start, on the real backend with real faults. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after } from 'node:test';

import { findPython } from '../../electron/backend/python.js';
import { alive, atEnd, temporary, until } from '../electron/fixtures/harness.js';
import { noRealPython, realPython } from '../electron/fixtures/processes.js';
import { close, shellPage, shown, windowTest } from './support/window-steps.js';
import { appShown, endDisplay, openShell } from './window.js';

after(endDisplay);

/** @typedef {import('./window.js').Running} Running */

/**
 * A `djdesk` command in a terminal.
 * @param {string} dataDir
 * @param {...string} words
 */
function djdesk(dataDir, ...words) {
  const result = spawnSync(String(realPython()), ['-I', '-X', 'utf8', '-m', 'djdesk.cli', ...words, '--data-dir', dataDir], { encoding: 'utf8', timeout: 30000 });
  return result;
}

/**
 * Count rows, or run a statement, in the app's database.
 * @param {string} dataDir @param {string} statement
 */
const sql = (dataDir, statement) => spawnSync(String(realPython()), ['-I', '-c', `
import sqlite3, sys
with sqlite3.connect(sys.argv[1]) as database:
    print(database.execute(sys.argv[2]).fetchone())
`, path.join(dataDir, 'app.sqlite3'), statement], { encoding: 'utf8', timeout: 30000 }).stdout.trim();

/** @param {import('playwright-core').Page} page @param {RegExp} words */
async function noted(page, words) {
  let seen = '';
  await until(async () => {
    seen = String(await page.textContent('#note'));
    return words.test(seen);
  }).catch(() => assert.match(seen, words));
}

/**
 * Answer the save dialog, and record the proposed name.
 * @param {Running} running @param {string | null} file
 */
const answerSave = ({ app }, file) => app.evaluate(({ dialog }, answer) => {
  dialog.showSaveDialog = /** @type {any} */ (async (/** @type {any} */ _window, /** @type {any} */ options) => {
    Object.assign(globalThis, { proposed: options.defaultPath });
    return { canceled: answer === null, filePath: answer || undefined };
  });
}, file);

const skip = noRealPython;

windowTest('a destroyed database is replaced by a backup that the user chooses', { skip }, async (t) => {
  const dataDir = path.join(temporary(t), 'data ü');
  const first = await shown(t, { dataDir, python: String(realPython()) });
  await close(first);
  sql(dataDir, 'CREATE TABLE witness (word TEXT)');
  sql(dataDir, "INSERT INTO witness VALUES ('kept')");
  assert.equal(djdesk(dataDir, 'data', 'backup').status, 0);
  fs.writeFileSync(path.join(dataDir, 'app.sqlite3'), 'nothing that could be salvaged\n'.repeat(500));

  const running = await openShell(t, { dataDir, python: String(realPython()) });
  const page = await shellPage(running, 'error.html');
  await page.waitForFunction(() => document.getElementById('code')?.textContent === 'database_corrupt');
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'restore', 'what helps most stands out');
  await page.click('#restore');
  await page.waitForSelector('#choices label');
  assert.match(String(await page.textContent('#choices label')), /\d{4}.*version \S+, made by hand.*KiB/);

  // The app was started elsewhere meanwhile: refused with a message.
  const holder = await shownElsewhere(t, dataDir);
  await page.click('#restore-this');
  await noted(page, /The app is running with this data\. Close it and try again/);
  holder();

  await page.click('#restore-this');
  await appShown(running);
  await close(running);
  assert.equal(sql(dataDir, 'SELECT word FROM witness'), "('kept',)");
  assert.ok(fs.readdirSync(dataDir).some((name) => /^app\..*-\d{8}T\d{6}\.sqlite3$/.test(name)), 'what was there is kept beside it');
});

/**
 * Hold the server's lock, as a running app does.
 * @param {import('node:test').TestContext} t
 * @param {string} dataDir
 * @returns {Promise<() => void>} releases it
 */
async function shownElsewhere(t, dataDir) {
  const { spawn } = await import('node:child_process');
  const child = spawn(String(realPython()), ['-I', '-c', `
import pathlib, sys
from djdesk.desktop.lock import FileLock
lock = FileLock(pathlib.Path(sys.argv[1]))
assert lock.acquire(timeout=5)
print("held", flush=True)
sys.stdin.read()
`, path.join(dataDir, 'server.lock')], { stdio: ['pipe', 'pipe', 'inherit'] });
  atEnd(t, () => { child.kill('SIGKILL'); });
  await new Promise((resolve) => { child.stdout.once('data', resolve); });
  return () => child.kill('SIGKILL');
}

windowTest('a server that dies at start: diagnostics, safe mode, retry', { skip: skip || process.platform === 'win32' }, async (t) => {
  const dir = temporary(t);
  const { command } = findPython({ root: process.cwd() });
  const broken = path.join(dir, 'broken');
  fs.writeFileSync(broken, '');
  // The real backend's interpreter, except that its server dies while the marker exists.
  const python = path.join(dir, 'python');
  fs.writeFileSync(python, `#!/bin/sh\nif [ -e '${broken}' ] && [ "$6" = serve ]; then echo 'Illegal instruction' >&2; exit 132; fi\nexec '${command}' "$@"\n`, { mode: 0o755 });
  const running = await openShell(t, { dataDir: path.join(dir, 'data'), python });
  const page = await shellPage(running, 'error.html');
  await page.waitForFunction(() => document.getElementById('code')?.textContent === 'exited');
  assert.match(String(await page.textContent('#reason')), /ended with exit code 132 before it was ready/);
  assert.match(String(await page.textContent('#tail')), /Illegal instruction/);

  await page.click('#restore');
  await noted(page, /There are no backups in the data folder yet/);
  assert.equal(await page.isVisible('#backups'), false);

  await answerSave(running, null);
  await page.click('#export');
  assert.match(await until(() => running.app.evaluate(() => /** @type {any} */ (globalThis).proposed)), /buecher-regale-diagnostics-\d{8}T\d{6}\.zip$/);
  const zip = path.join(dir, 'report é.zip');
  await answerSave(running, zip);
  await page.click('#export');
  await noted(page, /^Saved as .*report é\.zip/);
  const names = spawnSync(command, ['-m', 'zipfile', '-l', zip], { encoding: 'utf8' }).stdout;
  assert.match(names, /doctor\.json/);
  assert.match(names, /logs\/shell\.log/);
  await answerSave(running, path.join(dir, 'no such folder', 'report.zip'));
  await page.click('#export');
  await noted(page, /could not be written/);

  await page.click('#retry');
  const failures = () => fs.readFileSync(path.join(dir, 'data', 'logs', 'shell.log'), 'utf8').match(/failed at start/g)?.length;
  await until(() => failures() === 2);
  const again = await shellPage(running, 'error.html');
  await until(async () => (await again.textContent('#code')) === 'exited' && !(await again.isDisabled('#safely')), { what: 'buttons that can be pressed again' });
  fs.unlinkSync(broken);
  await again.click('#safely');
  await appShown(running);
  const title = () => running.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0].getTitle());
  await until(async () => /\(background tasks are off\)$/.test(await title()));
  assert.match(running.log(), /ready at http/);
  assert.doesNotMatch(running.log(), /worker: .*ready/);
  await close(running);
});

windowTest('without Python there is still text to copy', async (t) => {
  const running = await openShell(t, { python: path.join(path.sep, 'no', 'such', 'python') });
  const page = await shellPage(running, 'error.html');
  await page.waitForFunction(() => document.getElementById('code')?.textContent === 'python_missing');
  assert.equal(await page.isVisible('#restore'), false, 'what needs Python is not offered');
  assert.equal(await page.isVisible('#safely'), false);
  await page.click('#export');
  await noted(page, /does not exist.*Copy Diagnostics works without it/);
  await page.click('#copy');
  await noted(page, /Copied to the clipboard/);
  assert.match(await running.app.evaluate(({ clipboard }) => clipboard.readText()), /python_missing/);
  await page.click('#quit').catch(() => {});
  await until(() => !alive(running.pid));
});
