/** `djdesk prove` in the real window: a working app is visited page by page, and nothing is left behind. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { after } from 'node:test';

import { temporary } from '../electron/fixtures/harness.js';
import { usersOf } from '../electron/fixtures/processes.js';
import { PYTHON } from './support/app.js';
import { copyOfApp } from './support/parity.js';
import { long, windowTest } from './support/window-steps.js';
import { endDisplay, ensureDisplay } from './window.js';

after(endDisplay);

windowTest('an app that works is proved in its window', { skip: long }, async (t) => {
  const folder = copyOfApp(t);
  const scratch = temporary(t);
  const child = spawn(PYTHON, ['-m', 'djdesk.cli', 'prove', '--shell', 'window', '--format', 'json', '--pages', '12'], {
    cwd: folder, env: { ...process.env, TMPDIR: scratch, DISPLAY: await ensureDisplay() }, stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  let progress = '';
  child.stdout.on('data', (data) => { said += data; });
  child.stderr.on('data', (data) => { progress += data; });
  const code = await new Promise((resolve) => { child.once('close', resolve); });
  assert.equal(code, 0, said + progress);
  const report = JSON.parse(said);
  assert.equal(report.shell, 'window');
  assert.equal(report.level, 'A');
  assert(report.steps.every((/** @type {any} */ step) => step.good), said);
  assert(report.steps.some((/** @type {any} */ { note }) => /^added a/.test(note)), said);
  assert.match(report.steps.at(-1).note, /rows kept/);
  // Streams, downloads and PDFs finish like pages.
  for (const name of ['/features/stream/', '/features/events/', '/features/works.csv', '/features/works.pdf']) {
    assert.equal(report.pages.find((/** @type {any} */ page) => page.path === name && page.who === 'the first user')?.status, 200, name);
  }
  assert.deepEqual(usersOf(scratch), [], 'every process has ended');
  assert.deepEqual(fs.readdirSync(scratch).filter((name) => name.startsWith('djdesk-prove-')), []);
});
