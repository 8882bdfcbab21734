import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { inRoot, WINDOWS } from './paths.js';
import { lastWords, run } from '../../src/djdesk/tools/node/setup/run.js';
import { SetupProblem, step } from '../../src/djdesk/tools/node/setup/say.js';

const OWN = inRoot('.tools', 'uv');
const OWN_PROGRAM = path.join(OWN, 'bin', WINDOWS ? 'uv.exe' : 'uv');
/** The oldest version that has every option used here. */
const MINIMUM = [0, 5];

/**
 * A working uv: the user's, or one installed into this checkout from its own lock.
 * @param {import('./python.js').Python | null} python any version, for its pip
 * @returns {Promise<string>}
 */
export async function findUv(python) {
  const home = os.homedir();
  const candidates = [
    process.env.UV,
    'uv',
    OWN_PROGRAM,
    path.join(home, '.local', 'bin', WINDOWS ? 'uv.exe' : 'uv'),
    path.join(home, '.cargo', 'bin', WINDOWS ? 'uv.exe' : 'uv'),
  ];
  for (const candidate of candidates) {
    if (candidate && (await works(candidate))) return candidate;
  }
  if (!python) {
    throw new SetupProblem(
      'Neither Python nor uv was found on this computer.',
      'Install Python 3.12 or newer, or uv, and run the command again.',
    );
  }
  await step('getting uv, the installer of Python packages', () => install(python));
  return OWN_PROGRAM;
}

/** @param {string} program */
async function works(program) {
  const result = await run(program, ['--version'], { timeoutMs: 10_000 });
  const version = /uv (\d+)\.(\d+)/.exec(result.stdout);
  if (result.code !== 0 || !version) return false;
  const [major, minor] = [Number(version[1]), Number(version[2])];
  return major > MINIMUM[0] || minor >= MINIMUM[1];
}

/** @param {import('./python.js').Python} python */
async function install(python) {
  fs.rmSync(OWN, { recursive: true, force: true });
  const lock = inRoot('requirements', 'uv.txt');
  const options = ['install', '--quiet', '--disable-pip-version-check', '--no-warn-script-location', '--no-deps', '--require-hashes', '-r', lock];
  // --target works without ensurepip, and if the system's Python is externally managed.
  let result = await run(python.executable, ['-m', 'pip', ...options, '--target', OWN]);
  if (result.code !== 0 && /No module named pip/.test(result.stderr)) {
    const venv = inRoot('.tools', 'pip');
    result = await run(python.executable, ['-m', 'venv', '--clear', venv]);
    if (result.code === 0) {
      const program = path.join(venv, WINDOWS ? 'Scripts\\python.exe' : 'bin/python');
      result = await run(program, ['-m', 'pip', ...options, '--target', OWN]);
    }
  }
  if (result.code !== 0 || !(await works(OWN_PROGRAM))) {
    throw new SetupProblem(
      'uv, which installs the Python packages, could not be fetched.',
      'Check the network, or install uv by hand, and run the command again.',
      lastWords(result),
    );
  }
}
