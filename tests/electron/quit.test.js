import assert from 'node:assert/strict';
import test from 'node:test';

import { hasTray } from '../../electron/backend/tray-host.js';
import { NO_JOBS, progressBar, questionBeforeQuit } from '../../electron/policy/quit.js';

const jobs = { running: 3, waiting: 1, share: 0.4, lost: 1, names: [] };

test('before the end is asked only while jobs run', () => {
  assert.equal(questionBeforeQuit(NO_JOBS, { hidden: false }), null);
  assert.equal(questionBeforeQuit({ ...NO_JOBS, waiting: 5 }, { hidden: false }), null, 'what waits, waits in the database');
  assert.deepEqual(questionBeforeQuit(jobs, { hidden: false }), { resumed: 2, lost: 1, background: true });
  assert.deepEqual(questionBeforeQuit(jobs, { hidden: true }), { resumed: 2, lost: 1, background: false }, 'it has no window already');
});

test('the progress bar', () => {
  assert.equal(progressBar(NO_JOBS), -1);
  assert.equal(progressBar(jobs), 0.4);
  assert.equal(progressBar({ ...jobs, share: null }), 2);
  assert.equal(progressBar({ ...jobs, share: 0 }), 0);
});

test('a tray is there where the desktop says so', async () => {
  const says = (/** @type {string} */ words) => async () => words;
  assert.equal(await hasTray('linux', says('b true\n')), true);
  assert.equal(await hasTray('linux', says('b false\n')), false);
  assert.equal(await hasTray('linux', () => Promise.reject(new Error('no busctl'))), false);
  for (const platform of /** @type {const} */ (['darwin', 'win32'])) assert.equal(await hasTray(platform, () => Promise.reject(new Error('not asked'))), true);
});
