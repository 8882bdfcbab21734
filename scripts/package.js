/**
 * `npm run package`: set the checkout up, stage the Python side, and build what is for this system.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';

import { parsePackageOptions, USAGE } from '../src/djdesk/tools/node/package/options.js';
import { fail, say, SetupProblem } from '../src/djdesk/tools/node/setup/say.js';
import { ensureEnvironment, PYTHON } from './setup/environment.js';
import { ensureNodeModules } from './setup/node-modules.js';
import { inRoot, ROOT } from './setup/paths.js';
import { ask } from './setup/python.js';
import { findUv } from './setup/uv.js';

async function main() {
  const options = parsePackageOptions(process.argv.slice(2));
  if (options.help || options.problem) {
    say(`${options.problem ? `${options.problem}\n\n` : ''}${USAGE}`);
    process.exit(options.problem ? 2 : 0);
  }
  await ensureNodeModules();
  await ensureEnvironment('app');
  if (!options.staged || !fs.existsSync(inRoot('.stage', 'backend', 'manifest.json'))) {
    const uv = await findUv(await ask({ command: PYTHON, args: [] }));
    must(PYTHON, ['-m', 'djdesk.tools.stage', '--uv', uv, ...(options.strip ? ['--strip'] : [])]);
  }
  must(process.execPath, [inRoot('src', 'djdesk', 'tools', 'node', 'package.js'), ...options.builder.slice(1)]);
  say('\nDone.');
}

/**
 * @param {string} command
 * @param {string[]} args
 */
function must(command, args) {
  const { status } = spawnSync(command, args, { cwd: ROOT, stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new SetupProblem('The app was not packaged.', 'The lines above name the cause; docs/packaging.md tells what can be replaced.');
}

main().catch(fail);
