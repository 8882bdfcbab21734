import assert from 'node:assert/strict';
import test from 'node:test';

import { childEnvironment } from '../../electron/backend/environment.js';
import { openerCommand } from '../../electron/backend/opener.js';

test('what would mislead Python does not reach it', () => {
  const env = childEnvironment({
    PATH: '/bin', HOME: '/home/u', PYTHONPATH: '/evil', PYTHONHOME: '/evil', pythonstartup: 'x', PYTHONDONTWRITEBYTECODE: '1',
    DJANGO_SETTINGS_MODULE: 'other.settings', VIRTUAL_ENV: '/v', VIRTUAL_ENV_PROMPT: 'v', CONDA_PREFIX: '/c',
    ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: '--require x',
  }, 'linux');
  assert.deepEqual(Object.keys(env).sort(), ['HOME', 'NO_PROXY', 'PATH', 'no_proxy']);
});

test('loopback is added to the exceptions of a proxy, once', () => {
  assert.equal(childEnvironment({ no_proxy: 'corp.example, localhost' }, 'linux').NO_PROXY, 'corp.example,localhost,127.0.0.1');
  const windows = childEnvironment({ No_Proxy: 'a' }, 'win32');
  assert.deepEqual(windows, { NO_PROXY: 'a,127.0.0.1,localhost' });
});

test('what the Finder starts finds what Homebrew installed; a PATH that has it stays as it is', () => {
  const path = (/** @type {string | undefined} */ PATH, /** @type {NodeJS.Platform} */ platform = 'darwin') => childEnvironment(PATH === undefined ? {} : { PATH }, platform).PATH;
  assert.equal(path('/usr/bin:/bin'), '/opt/homebrew/bin:/usr/local/bin:/usr/bin:/bin');
  assert.equal(path('/mine:/usr/local/bin:/opt/homebrew/bin'), '/mine:/usr/local/bin:/opt/homebrew/bin');
  assert.equal(path(undefined), '/opt/homebrew/bin:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin');
  assert.equal(path('/usr/bin', 'linux'), '/usr/bin');
  assert.equal(path('C:\\Windows', 'win32'), 'C:\\Windows');
});

test('a page is opened by a program of the system, not by one of that name in the current folder', () => {
  const url = 'C:\\Users\\é & co\\enter.html';
  const [program, words] = openerCommand(url, 'win32', { SystemRoot: 'D:\\Win' });
  assert.equal(program, 'D:\\Win\\System32\\rundll32.exe');
  assert.equal(words.at(-1), url, 'one word, read by no shell');
  assert.deepEqual(openerCommand(url, 'darwin', {}), ['open', [url]]);
  assert.deepEqual(openerCommand(url, 'linux', {}), ['xdg-open', [url]]);
});
