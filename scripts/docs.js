/**
 * `npm run docs`: the documents as a site that is read without a network, in build/docs.
 *
 * A link that leads nowhere fails it. Words after `--` are options of Sphinx.
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';

import { fail } from '../src/djdesk/tools/node/setup/say.js';
import { ensureEnvironment, PYTHON } from './setup/environment.js';
import { inRoot, ROOT } from './setup/paths.js';

async function main() {
  await ensureEnvironment('dev');
  const out = inRoot('build', 'docs');
  const { status } = spawnSync(PYTHON, [
    '-m', 'sphinx', '--quiet', '--nitpicky', '--fail-on-warning', '--conf-dir', 'docs',
    '--doctree-dir', inRoot('build', 'doctrees'), ...process.argv.slice(2), '.', out,
  ], { cwd: ROOT, stdio: 'inherit' });
  if (status === 0) console.log(path.join(out, 'docs', 'index.html'));
  process.exitCode = status ?? 1;
}

main().catch(fail);
