import assert from 'node:assert/strict';
import test from 'node:test';

import { NO_JOBS, progressBar, questionBeforeQuit } from '../../electron/policy/quit.js';

const jobs = { running: 3, waiting: 1, share: 0.4, lost: 1 };

test('before the end is asked only while jobs run', () => {
  assert.equal(questionBeforeQuit(NO_JOBS, { hidden: false }), null);
  assert.equal(questionBeforeQuit({ ...NO_JOBS, waiting: 5 }, { hidden: false }), null, 'what waits, waits in the database');
  assert.deepEqual(questionBeforeQuit(jobs, { hidden: false }), { resumed: 2, lost: 1, tray: true });
  assert.deepEqual(questionBeforeQuit(jobs, { hidden: true }), { resumed: 2, lost: 1, tray: false }, 'it is in the tray already');
});

test('the progress bar', () => {
  assert.equal(progressBar(NO_JOBS), -1);
  assert.equal(progressBar(jobs), 0.4);
  assert.equal(progressBar({ ...jobs, share: null }), 2);
  assert.equal(progressBar({ ...jobs, share: 0 }), 0);
});
