import { spawnSync } from 'node:child_process';

import { ensureEnvironment, PYTHON } from './environment.js';
import { inRoot, ROOT } from './paths.js';

/**
 * The documents as a site that is read without a network. A link that leads nowhere fails it.
 * @param {string} out folder
 * @param {string[]} [options] of Sphinx
 * @returns {Promise<number>} Sphinx' exit code
 */
export async function makeDocuments(out, options = []) {
  await ensureEnvironment('dev');
  const { status } = spawnSync(PYTHON, [
    '-m', 'sphinx', '--quiet', '--nitpicky', '--fail-on-warning', '--conf-dir', 'docs',
    '--doctree-dir', inRoot('build', 'doctrees'), ...options, '.', out,
  ], { cwd: ROOT, stdio: 'inherit' });
  return status ?? 1;
}
