import fs from 'node:fs';
import path from 'node:path';

import { lastWords, run } from '../../src/djdesk/tools/node/setup/run.js';
import { SetupProblem } from '../../src/djdesk/tools/node/setup/say.js';
import { PYTHON } from './environment.js';
import { ROOT } from './paths.js';

/** Folders of this repository with an app in them: each has a pyproject.toml with the table of DJDesk. */
export function apps() {
  return fs.readdirSync(ROOT).map((name) => path.join(ROOT, name)).filter((folder) => {
    const file = path.join(folder, 'pyproject.toml');
    return fs.existsSync(file) && /^\[tool\.djdesk\]/m.test(fs.readFileSync(file, 'utf8'));
  });
}

/**
 * The environment of a Python that stands for an app as its users have it.
 * @param {string} folder
 * @param {string} dataDir
 * @returns {NodeJS.ProcessEnv}
 */
export const appEnvironment = (folder, dataDir) => ({
  DJANGO_SETTINGS_MODULE: 'djdesk.overlay.settings', DJDESK_MODE: 'packaged', DJDESK_APP: folder, DJDESK_DATA_DIR: dataDir,
});

/**
 * app.json and plan.json of an app, as `djdesk start` writes them.
 * @param {string} folder
 * @returns {Promise<string>} the path of the plan
 */
export async function writePlan(folder) {
  const program = 'import sys; from pathlib import Path; from djdesk.app import load; from djdesk.tools.plan import write_plan; print(write_plan(load(Path(sys.argv[1]))))';
  const result = await run(PYTHON, ['-I', '-X', 'utf8', '-c', program, folder]);
  if (result.code !== 0) throw new SetupProblem(`The app in ${folder} cannot be read.`, 'The message below names the line.', lastWords(result));
  return result.stdout.trim();
}
