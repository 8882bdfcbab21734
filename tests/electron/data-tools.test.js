/** Errors of the tools' commands: a message is translated, anything else is shown unchanged. */
import assert from 'node:assert/strict';
import test from 'node:test';

import { DataTools } from '../../electron/backend/data-tools.js';
import { speak, translated } from '../../electron/locale/current.js';

/** The tools, with a command that writes these lines to stderr and fails. @param {string[]} lines */
const failing = (...lines) => new DataTools({
  dataDir: '/data', log: () => {},
  python: () => ({ command: process.execPath, args: [], cwd: process.cwd(), tool: ['-e', `process.stderr.write(${JSON.stringify(`${lines.join('\n')}\n`)}); process.exitCode = 1;`, '--'] }),
});

test('a failure that comes as a message is translated, a text is not', async (t) => {
  t.after(() => speak('en'));
  speak('de');
  const messages = { reason: { id: 'The app is running with this data.', params: {} } };
  const event = { event: 'failed', reason: 'The app is running with this data.', hint: 'Loading settings', messages };
  const problem = await failing('a warning', JSON.stringify(event)).restore('x');
  assert.equal(String(problem), 'The app is running with this data. Loading settings');
  assert.equal(translated(problem), 'Die App läuft mit diesen Daten. Loading settings');
  assert.equal(translated(await failing('djdesk: The app is running with this data.').restore('x')), 'The app is running with this data.');
  for (const odd of ['{"event":"failed"}', '{"event":', 'null']) assert.equal(translated(await failing(odd).restore('x')), odd);
});
