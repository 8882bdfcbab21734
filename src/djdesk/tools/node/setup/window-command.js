import fs from 'node:fs';
import path from 'node:path';

import { runnable } from '../legacy-lane/runnable.js';
import { FIRST_WITH_ESM } from './electron.js';
import { modulesFolder, toolsBeside } from './modules.js';
import { lastWords, run } from './run.js';
import { say, SetupProblem } from './say.js';

/**
 * The command that opens the window of the plan's app.
 * @param {import('./plan.js').Plan} plan
 * @param {import('./electron.js').Electron} electron
 * @returns {Promise<{program: string, args: string[]}>} `args` end with the folder that Electron runs
 */
export async function windowCommand(plan, electron) {
  const start = runnable(electron.program, await appFolder(plan, electron));
  await drawWindowIcon(plan);
  if (process.getuid?.() !== 0) return start;
  say('You are root, so Chromium runs without its sandbox. Better: use an ordinary account.');
  return { program: start.program, args: ['--no-sandbox', ...start.args] };
}

/**
 * The window needs a PNG; before the first start of an app, packaging has not created one.
 * @param {import('./plan.js').Plan} plan
 */
async function drawWindowIcon(plan) {
  const about = JSON.parse(fs.readFileSync(plan.app, 'utf8'));
  if (about.windowIcon || !about.icon) return;
  const icons = path.join(plan.stage, 'icons');
  const tools = await toolsBeside(await modulesFolder(plan));
  const result = await run(process.execPath, [path.join(tools, 'icons.js'), path.resolve(path.dirname(plan.app), about.icon), icons]);
  if (result.code !== 0) say(`The window has no icon of its own: ${lastWords(result)}`);
  else fs.writeFileSync(plan.app, `${JSON.stringify({ ...about, windowIcon: path.join(icons, 'png', '256x256.png') }, null, 2)}\n`);
}

/**
 * The folder to run Electron with. For a version without ES module support, this is a legacy bundle.
 * @param {import('./plan.js').Plan} plan
 * @param {import('./electron.js').Electron} electron
 */
async function appFolder(plan, electron) {
  const major = Number.parseInt(electron.version, 10);
  if (!(major < FIRST_WITH_ESM)) return plan.shell;
  say(`Electron ${electron.version} is older than this app is made for: using a build for it. For trying out only.`);
  const tools = await toolsBeside(await modulesFolder(plan));
  const result = await run(process.execPath, [path.join(tools, 'legacy-lane', 'build.js'), plan.shell, path.join(plan.stage, 'legacy')]);
  if (result.code !== 0) throw new SetupProblem('The build for the old Electron failed.', 'Use a current Electron, or your own browser: --shell browser', lastWords(result));
  return path.resolve(result.stdout.trim().split('\n').pop() ?? '');
}
