/**
 * `npm run package`: stage, bundle, and build what is for this system.
 *
 *   npm run package                          every artefact for this system, in dist/
 *   npm run package -- --dir                 unpacked only
 *   npm run package -- --targets tar.gz,deb  these
 *   npm run package -- --staged              with what is staged already
 *
 * Everything that is fetched can be replaced: see docs/packaging.md.
 */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

import { bundle } from './bundle.js';
import { electronForPackaging } from './package/electron.js';
import { parsePackageOptions, USAGE } from './package/options.js';
import { ensureEnvironment, PYTHON } from './setup/environment.js';
import { ensureNodeModules } from './setup/node-modules.js';
import { inRoot, ROOT } from './setup/paths.js';
import { ask } from './setup/python.js';
import { say, SetupProblem, step } from './setup/say.js';
import { findUv } from './setup/uv.js';

async function main() {
  const options = readOptions();
  await ensureNodeModules();
  await ensureEnvironment('app');
  const electron = electronForPackaging();
  if (!options.staged || !fs.existsSync(inRoot('.stage', 'backend', 'manifest.json'))) {
    const uv = await findUv(await ask({ command: PYTHON, args: [] }));
    await must('staging the Python side', PYTHON, [inRoot('scripts', 'stage_backend.py'), '--uv', uv, ...(options.strip ? ['--strip'] : [])]);
  }
  if (electron.legacy) say(`Electron ${electron.version} is older than this app is made for: a package for trying out, never for a release.`);
  await step('bundling the shell', () => bundle({ legacy: electron.legacy }));
  await must('collecting licences', PYTHON, [inRoot('scripts', 'collect_notices.py')]);
  await must('packaging', process.execPath, [
    inRoot('node_modules', 'electron-builder', 'cli.js'), '--config', 'electron-builder.config.js', '--publish', 'never', ...options.builder,
  ]);
  say(`\nDone: ${path.relative(ROOT, path.resolve(ROOT, process.env.DJDESK_DIST || 'dist'))}`);
}

function readOptions() {
  const options = parsePackageOptions(process.argv.slice(2));
  if (options.help || options.problem) {
    say(`${options.problem ? `${options.problem}\n\n` : ''}${USAGE}`);
    process.exit(options.problem ? 2 : 0);
  }
  return options;
}

/**
 * @param {string} what
 * @param {string} command
 * @param {string[]} args
 */
const must = (what, command, args) => step(what, () => new Promise((resolve, reject) => {
  // Its words are the user's to see: packaging is a craft of many tools.
  const child = spawn(command, args, { cwd: ROOT, stdio: ['ignore', 2, 2] });
  child.on('error', reject);
  child.on('exit', (code) => (code === 0
    ? resolve(undefined)
    : reject(new SetupProblem(`It stopped at: ${what}.`, 'The lines above name the cause; docs/packaging.md tells what can be replaced.'))));
}));

main().catch((error) => {
  if (error instanceof SetupProblem) say(`\n${error.message}\n${error.hint}${error.detail ? `\n\n${error.detail}` : ''}`);
  else say(String(error?.stack ?? error));
  process.exit(1);
});
