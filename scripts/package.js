/**
 * `npm run package`: set up the checkout, build the documentation, then run `djdesk package` for the app in
 * inspector/, into dist/.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

import { fail, SetupProblem } from '../src/djdesk/tools/node/setup/say.js';
import { makeDocuments } from './setup/documents.js';
import { PYTHON } from './setup/environment.js';
import { ensureNodeModules } from './setup/node-modules.js';
import { inRoot, ROOT } from './setup/paths.js';
import { ask } from './setup/python.js';
import { findUv } from './setup/uv.js';

/** On each page, a link back: the documentation opens in the app's own window. */
const BACK = 'html_theme_options.announcement=<a href="/">Back to DJDesk</a>';

async function main() {
  await ensureNodeModules();
  const documents = inRoot('inspector', 'inspector', 'documents');
  fs.rmSync(documents, { recursive: true, force: true });
  if (await makeDocuments(documents, ['-D', BACK])) throw new SetupProblem('The documents could not be made.', 'The message above names the file and the line.');
  const licences = path.join(documents, 'vendor', 'documents.LICENSE.txt');
  fs.mkdirSync(path.dirname(licences));
  fs.writeFileSync(licences, execFileSync(PYTHON, [inRoot('scripts', 'setup', 'documents_licences.py')]));
  // Sphinx's notes for incremental builds.
  for (const name of ['.buildinfo', 'objects.inv']) fs.rmSync(path.join(documents, name), { force: true });
  const uv = await findUv(await ask({ command: PYTHON, args: [] }));
  const { status } = spawnSync(PYTHON, [
    '-I', '-X', 'utf8', '-m', 'djdesk.cli', 'package', '--app', inRoot('inspector'), '--uv', uv,
    '--requirements', inRoot('requirements', 'runtime.txt'), ...process.argv.slice(2),
  ], { cwd: ROOT, stdio: ['ignore', 2, 2], env: { ...process.env, DJDESK_DIST: process.env.DJDESK_DIST || inRoot('dist') } });
  fs.rmSync(documents, { recursive: true, force: true });
  process.exitCode = status ?? 1;
}

main().catch(fail);
