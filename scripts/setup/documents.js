import { spawnSync } from 'node:child_process';

import { ensureEnvironment, PYTHON } from './environment.js';
import { inRoot, ROOT } from './paths.js';

/**
 * Builds the documentation as a site for offline reading. Broken links fail the build.
 * @param {string} out folder
 * @param {string[]} [options] for Sphinx
 * @returns {Promise<number>} Sphinx's exit code
 */
export async function makeDocuments(out, options = []) {
  await ensureEnvironment('dev');
  const { status } = spawnSync(PYTHON, [
    '-m', 'sphinx', '--quiet', '--nitpicky', '--fail-on-warning', '--conf-dir', 'docs',
    '--doctree-dir', inRoot('build', 'doctrees'), ...options, '.', out,
  ], { cwd: ROOT, stdio: 'inherit' });
  return status ?? 1;
}
