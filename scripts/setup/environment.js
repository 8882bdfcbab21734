import fs from 'node:fs';
import path from 'node:path';

import { contents, digest, readStamp, writeStamp } from '../../src/djdesk/tools/node/setup/stamp.js';
import { apps } from './apps.js';
import { inRoot, ROOT, venvProgram } from './paths.js';
import { ask, findPython, isNewEnough } from './python.js';
import { pythonCandidates } from './python-candidates.js';
import { lastWords, run } from '../../src/djdesk/tools/node/setup/run.js';
import { say, SetupProblem, step } from '../../src/djdesk/tools/node/setup/say.js';
import { findUv } from './uv.js';

export const VENV = inRoot('.venv');
export const PYTHON = venvProgram(VENV, 'python');

/** The Python that uv downloads if none is new enough: the version that packages ship. */
const FETCHED = contents(inRoot('src', 'djdesk', 'tools', 'stage', 'python-version')).split('.').slice(0, 2).join('.');

/**
 * The virtual environment with the locked packages. Costs three small reads if nothing changed.
 * @param {'app' | 'dev'} lock `dev` includes `app`
 */
export async function ensureEnvironment(lock) {
  const wanted = Object.fromEntries(
    ['app', 'dev'].map((name) => [name, digest(ROOT, contents(inRoot('requirements', `${name}.txt`)), ...[ROOT, ...apps()].map((folder) => contents(path.join(folder, 'pyproject.toml'))))]),
  );
  const stamp = inRoot('.venv', 'djdesk-setup');
  const present = readStamp(stamp);
  if (fs.existsSync(PYTHON) && (present === wanted[lock] || present === wanted.dev)) return;

  const { uv } = await ensureVenv();
  await step('installing the Python packages', async () => {
    const pip = ['pip', 'install', '--quiet', '--python', PYTHON];
    // The tests start thousands of Python processes, and some of them must not write bytecode.
    const compile = lock === 'dev' ? ['--compile-bytecode'] : [];
    await check(uv, [...pip, ...compile, '--require-hashes', '--no-deps', '-r', inRoot('requirements', `${lock}.txt`)]);
    // Apps too, so that their commands are available in `djdesk` wherever it is run.
    const editable = [ROOT, ...apps()].flatMap((folder) => ['--editable', folder]);
    await check(uv, [...pip, '--no-deps', '--no-build-isolation', ...editable]);
  });
  writeStamp(stamp, wanted[lock]);
}

/**
 * A second environment with another Django, for the runtime's own tests.
 * @param {string} version of Django, as in requirements/django-5.2.txt
 * @returns {Promise<string>} its interpreter
 */
export async function ensureDjango(version) {
  const venv = inRoot('build', `django-${version}`);
  const python = venvProgram(venv, 'python');
  const lock = inRoot('requirements', `django-${version}.txt`);
  const stamp = path.join(venv, 'djdesk-setup');
  const wanted = digest(ROOT, contents(lock), contents(inRoot('pyproject.toml')));
  if (fs.existsSync(python) && readStamp(stamp) === wanted) return python;
  const uv = await findUv(await ask({ command: PYTHON, args: [] }));
  await step(`installing Django ${version}`, async () => {
    await check(uv, ['venv', '--quiet', '--clear', '--no-project', '--python', PYTHON, venv]);
    const pip = ['pip', 'install', '--quiet', '--python', python];
    await check(uv, [...pip, '--compile-bytecode', '--require-hashes', '--no-deps', '-r', lock]);
    await check(uv, [...pip, '--no-deps', '--no-build-isolation', '--editable', ROOT]);
  });
  writeStamp(stamp, wanted);
  return python;
}

/** @returns {Promise<{uv: string}>} */
async function ensureVenv() {
  const present = fs.existsSync(PYTHON) ? await ask({ command: PYTHON, args: [] }) : null;
  if (present && isNewEnough(present)) return { uv: await findUv(present) };

  const { python, older } = await findPython(pythonCandidates());
  const uv = await findUv(python ?? older);
  if (python) say(`  Python ${python.version.join('.')} (${python.executable})`);
  const make = () =>
    // --clear: an existing one is broken, incomplete, or its Python is gone.
    check(uv, ['venv', '--quiet', '--clear', '--no-project', '--python', python?.executable ?? FETCHED, VENV]);
  await step(python ? 'making the Python environment' : `fetching Python ${FETCHED}`, make);
  return { uv };
}

/**
 * @param {string} uv
 * @param {string[]} args
 */
async function check(uv, args) {
  // Files are copied: hard links into uv's cache fail across disks.
  /** @type {NodeJS.ProcessEnv} */
  const env = { ...process.env, UV_LINK_MODE: 'copy', UV_NO_CONFIG: '1', UV_PROJECT_ENVIRONMENT: VENV };
  delete env.VIRTUAL_ENV;
  // An absolute UV_PYTHON would override --python; it was tried as the first candidate already.
  delete env.UV_PYTHON;
  const result = await run(uv, args, { cwd: ROOT, env });
  if (result.code !== 0) {
    throw new SetupProblem(
      `The Python environment could not be set up (uv ${args[0]}).`,
      'Check the network and the free space on the disk, then run the command again: it continues where it stopped. '
        + 'A closed network needs a mirror: see docs/development.md.',
      lastWords(result),
    );
  }
}
