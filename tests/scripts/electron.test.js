import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';

import { findElectron, inFolder, noDisplay } from '../../src/djdesk/tools/node/setup/electron.js';

test('a folder without Electron in the variable is named', async () => {
  const { electron, reason } = await findElectron({ modules: async () => '', env: { ELECTRON_OVERRIDE_DIST_PATH: '/no/such/folder' } });
  assert.equal(electron, null);
  assert.match(reason, /\/no\/such\/folder/);
});

test('the version is read from the folder', { skip: process.platform === 'linux' ? false : 'layout of Linux' }, () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'djdesk-electron-'));
  try {
    assert.equal(inFolder(folder), null);
    fs.writeFileSync(path.join(folder, 'electron'), '');
    fs.writeFileSync(path.join(folder, 'version'), 'v45.3.4\n');
    assert.deepEqual(inFolder(folder), { program: path.join(folder, 'electron'), version: '45.3.4' });
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
});

test('a display is told from none', () => {
  assert.match(noDisplay('linux', {}), /no display/);
  assert.equal(noDisplay('linux', { DISPLAY: ':1' }), '');
  assert.equal(noDisplay('linux', { WAYLAND_DISPLAY: 'wayland-0' }), '');
  assert.match(noDisplay('darwin', { SSH_CONNECTION: 'x' }), /remote/);
  assert.equal(noDisplay('win32', {}), '');
});
