import assert from 'node:assert/strict';
import test from 'node:test';

import { chooseShell } from '../../src/djdesk/tools/node/setup/choose-shell.js';

const electron = { program: '/somewhere/electron', version: '45.0.0' };

/** @param {Partial<import('../../src/djdesk/tools/node/setup/choose-shell.js').Circumstances>} changes */
const choose = (changes) => chooseShell({
  wanted: 'auto', open: true, noDisplay: '', findElectron: async () => ({ electron, reason: '' }), noSandbox: () => '', ...changes,
});

const never = async () => assert.fail('Electron was looked for in vain');

test('the window, if there is an Electron and a display', async () => {
  assert.equal((await choose({})).shell, 'electron');
});

test('without a display nothing is downloaded', async () => {
  assert.deepEqual(await choose({ noDisplay: 'there is no display', findElectron: never }), { shell: 'browser', why: 'there is no display' });
});

test('without an Electron the browser, and the reason is kept', async () => {
  const choice = await choose({ findElectron: async () => ({ electron: null, reason: 'the download failed' }) });
  assert.deepEqual(choice, { shell: 'browser', why: 'the download failed' });
});

test('where the sandbox cannot start, the browser rather than a window without it', async () => {
  assert.equal((await choose({ noSandbox: () => 'denied' })).shell, 'browser');
});

test('a script that wants an address gets the browser shell', async () => {
  assert.equal((await choose({ open: false, findElectron: never })).shell, 'browser');
});

test('what was asked for by name is not replaced by something else', async () => {
  assert.deepEqual(await choose({ wanted: 'electron', noDisplay: 'there is no display' }), { shell: null, why: 'there is no display' });
  assert.equal((await choose({ wanted: 'browser', findElectron: never })).shell, 'browser');
  assert.equal((await choose({ wanted: 'electron', open: false })).shell, 'electron');
});
