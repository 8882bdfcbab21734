import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';

import { ask, findPython, isNewEnough } from '../../scripts/setup/python.js';
import { pythonCandidates } from '../../scripts/setup/python-candidates.js';

const posix = { skip: process.platform === 'win32' ? 'shell scripts as stand-ins' : false };

/**
 * A program that answers like a Python of that version.
 * @param {string} folder
 * @param {string} name
 * @param {string} body of a shell script
 */
function program(folder, name, body) {
  const file = path.join(folder, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  return file;
}

/** @param {string} executable @param {number[]} version */
const answer = (executable, version, more = '') =>
  `echo '${JSON.stringify({ executable, version, final: true, name: 'cpython' }).slice(0, -1)}${more}}'`;

/** @param {(folder: string) => Promise<void>} body */
async function inFolder(body) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'djdesk é '));
  try {
    await body(folder);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

test('a shim without a version behind it is passed over', posix, () => inFolder(async (folder) => {
  const shim = program(folder, 'shim', 'echo "pyenv: python3.13: command not found" >&2; exit 127');
  const silent = program(folder, 'silent', 'exit 0');
  const old = program(folder, 'old', answer('/old', [3, 11, 7]));
  const good = program(folder, 'good', answer('/good', [3, 12, 1]));
  const found = await findPython([shim, silent, old, good].map((command) => ({ command, args: [] })));
  assert.deepEqual(found, { python: { executable: '/good', version: [3, 12, 1] }, older: { executable: '/old', version: [3, 11, 7] } });
}));

test('a preview and another implementation do not count', posix, () => inFolder(async (folder) => {
  const preview = program(folder, 'preview', `echo '{"executable":"/p","version":[3,16,0],"final":false,"name":"cpython"}'`);
  const pypy = program(folder, 'pypy', `echo '{"executable":"/p","version":[3,12,0],"final":true,"name":"pypy"}'`);
  assert.equal(await ask({ command: preview, args: [] }), null);
  assert.equal(await ask({ command: pypy, args: [] }), null);
}));

test('a command that does not exist is no error', async () => {
  assert.equal(await ask({ command: 'no-such-python-anywhere', args: [] }), null);
});

test('the oldest that is good enough', () => {
  /** @param {[number, number, number]} version */
  const enough = (version) => isNewEnough({ executable: '', version });
  assert.deepEqual([enough([3, 11, 9]), enough([3, 12, 0]), enough([3, 14, 2]), enough([4, 0, 0])], [false, true, true, true]);
});

test('places of version managers are searched, the newest version first', posix, () => inFolder(async (home) => {
  for (const version of ['3.9.18', '3.12.1', '3.13.0']) program(home, `.pyenv/versions/${version}/bin/python3`, 'true');
  program(home, '.local/share/uv/python/cpython-3.12.4/bin/python3', 'true');
  program(home, 'miniconda3/bin/python3', 'true');
  const commands = pythonCandidates({ env: {}, platform: 'linux', home }).map(({ command }) => path.relative(home, command));
  const pyenv = commands.filter((command) => command.startsWith('.pyenv'));
  assert.deepEqual(pyenv.map((command) => command.split('/')[2]), ['3.13.0', '3.12.1', '3.9.18']);
  assert(commands.includes('miniconda3/bin/python3'));
  assert(commands.some((command) => command.startsWith('.local/share/uv')));
}));

test('on Windows the launcher is asked by version', () => {
  const candidates = pythonCandidates({ env: {}, platform: 'win32', home: 'C:\\Users\\x' });
  assert(candidates.some(({ command, args }) => command === 'py' && args[0] === '-3.13'));
});

test('what the user named comes first, if it is a path', () => {
  const env = { UV_PYTHON: path.resolve('mine') };
  assert.equal(pythonCandidates({ env, home: '/nowhere' })[0].command, env.UV_PYTHON);
  assert.notEqual(pythonCandidates({ env: { UV_PYTHON: '3.13' }, home: '/nowhere' })[0].command, '3.13');
});
