import { lastWords, run } from '../../src/djdesk/tools/node/setup/run.js';
import { SetupProblem } from '../../src/djdesk/tools/node/setup/say.js';
import { PYTHON } from './environment.js';

/**
 * Writes an app's app.json and plan.json as `djdesk start` does.
 * @param {string} folder
 * @returns {Promise<string>} the path of the plan
 */
export async function writePlan(folder) {
  const program = 'import sys; from pathlib import Path; from djdesk.app import load; from djdesk.tools.plan import write_plan; print(write_plan(load(Path(sys.argv[1]))))';
  const result = await run(PYTHON, ['-I', '-X', 'utf8', '-c', program, folder]);
  if (result.code !== 0) throw new SetupProblem(`The app in ${folder} cannot be read.`, 'The message below names the line.', lastWords(result));
  return result.stdout.trim();
}
