import assert from 'node:assert/strict';
import path from 'node:path';
import test from 'node:test';

import { parseStartOptions } from '../../src/djdesk/tools/node/setup/options.js';

for (const [args, message] of /** @type {[string[], RegExp][]} */ ([
  [['--shell'], /wants a value/],
  [['--shell', 'firefox'], /electron or browser/],
  [['--data-dir'], /wants a value/],
  [['--data-dir', '--no-open'], /wants a value/],
  [['--open'], /no option --open/],
  [['folder'], /no option folder/],
])) {
  test(`refuses ${args.join(' ')}`, () => assert.throws(() => parseStartOptions(args), message));
}

test('without options it chooses by itself', () => {
  assert.deepEqual(parseStartOptions([]), { shell: 'auto', open: true, dataDir: null, safeMode: false, help: false, rest: [] });
  assert.equal(parseStartOptions(['--shell', 'auto']).shell, 'auto');
});

test('values may follow or be joined; the data folder becomes absolute', () => {
  const options = parseStartOptions(['--shell=browser', '--no-open', '--safe-mode', '--data-dir', 'some where', '--', '--inspect']);
  assert.equal(options.shell, 'browser');
  assert.equal(options.open, false);
  assert.equal(options.safeMode, true);
  assert.equal(options.dataDir, path.resolve('some where'));
  assert.deepEqual(options.rest, ['--inspect']);
});
