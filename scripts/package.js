/**
 * `npm run package`: set the checkout up, then `djdesk package` for the app in inspector/, into dist/.
 */
import { spawnSync } from 'node:child_process';

import { fail } from '../src/djdesk/tools/node/setup/say.js';
import { ensureEnvironment, PYTHON } from './setup/environment.js';
import { ensureNodeModules } from './setup/node-modules.js';
import { inRoot, ROOT } from './setup/paths.js';
import { ask } from './setup/python.js';
import { findUv } from './setup/uv.js';

async function main() {
  await ensureNodeModules();
  await ensureEnvironment('app');
  const uv = await findUv(await ask({ command: PYTHON, args: [] }));
  const { status } = spawnSync(PYTHON, [
    '-I', '-X', 'utf8', '-m', 'djdesk.cli', 'package', '--app', inRoot('inspector'), '--uv', uv,
    '--requirements', inRoot('requirements', 'runtime.txt'), ...process.argv.slice(2),
  ], { cwd: ROOT, stdio: ['ignore', 2, 2], env: { ...process.env, DJDESK_DIST: process.env.DJDESK_DIST || inRoot('dist') } });
  process.exitCode = status ?? 1;
}

main().catch(fail);
