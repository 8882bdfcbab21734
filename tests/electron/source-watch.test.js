import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import { retryOnChange } from '../../electron/backend/source-watch.js';
import { temporary, until } from './fixtures/harness.js';
import { reach, supervise } from './fixtures/supervise.js';

const failed = { stage: 'settings', code: 'bad_config', reason: 'The app cannot be loaded.', hint: 'Correct it.' };

/** @param {import('node:test').TestContext} t */
function appIn(t) {
  const folder = temporary(t);
  for (const name of ['shelf', 'venv', '.git', 'node_modules/some']) fs.mkdirSync(path.join(folder, name), { recursive: true });
  fs.writeFileSync(path.join(folder, 'venv', 'pyvenv.cfg'), '');
  fs.writeFileSync(path.join(folder, 'shelf', 'views.py'), 'broken(');
  return folder;
}

test('a start that failed is tried again once a Python file is corrected', async (t) => {
  const folder = appIn(t);
  const { fake, supervisor } = supervise(t, { serve: { failed } });
  /** @type {string[]} */
  const said = [];
  retryOnChange(supervisor, folder, (line) => said.push(line));
  supervisor.start();
  await reach(supervisor, 'failed');
  fs.writeFileSync(path.join(folder, 'shelf', 'views.py'), 'still_broken((');
  await until(() => fake.starts('serve').length === 2, { what: 'another start' });
  await reach(supervisor, 'failed');
  fake.plan({});
  fs.writeFileSync(path.join(folder, 'shelf', 'urls.py'), 'urlpatterns = []');
  await reach(supervisor, 'ready');
  assert.equal(fake.starts('serve').length, 3);
  assert.deepEqual([...new Set(said)], ['a file of the app changed: starting again']);
});

test('nothing else starts it again: other files, packages, and changes while it runs', async (t) => {
  const folder = appIn(t);
  const { fake, supervisor } = supervise(t, { serve: { failed } });
  retryOnChange(supervisor, folder, () => {});
  supervisor.start();
  await reach(supervisor, 'failed');
  for (const name of ['notes.txt', 'venv/site.py', '.git/hook.py', 'node_modules/some/tool.py']) fs.writeFileSync(path.join(folder, name), 'x = 1');
  // Long enough for several polls.
  await new Promise((resolve) => { setTimeout(resolve, 1600); });
  assert.equal(fake.starts('serve').length, 1);

  fake.plan({});
  await supervisor.retry();
  await reach(supervisor, 'ready');
  fs.writeFileSync(path.join(folder, 'shelf', 'views.py'), 'x = 2');
  await new Promise((resolve) => { setTimeout(resolve, 1200); });
  assert.equal(fake.starts('serve').length, 2);
});
