/**
 * Bundles the shell and builds packages for this system from it and the staged Python side. Run by `djdesk
 * package`; docs/packaging.md lists what can be customised.
 *
 *   node package.js TARGET…     as electron-builder names them
 */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { readPackagedApp } from './package/names.js';
import { renderTemplates } from './package/templates.js';
import { modulesFolder, ownShell, toolsBeside } from './setup/modules.js';
import { readPlan } from './setup/plan.js';
import { fail, say, SetupProblem, step } from './setup/say.js';

const HERE = path.dirname(fileURLToPath(import.meta.url));
/** @type {Partial<Record<NodeJS.Platform, string>>} */
const SYSTEMS = { linux: '--linux', darwin: '--mac', win32: '--win' };

async function main() {
  const plan = readPlan();
  const modules = await modulesFolder(plan);
  const tools = await toolsBeside(modules);
  if (tools !== HERE) {
    await must('packaging', process.execPath, [path.join(tools, 'package.js'), ...process.argv.slice(2)]);
    return;
  }
  // These import npm packages, which only the copy can resolve.
  const { electronForPackaging } = await import('./package/electron.js');
  const { bundle } = await import('./bundle.js');
  if (plan.sources && !plan.modules) plan.shell = await ownShell(plan, modules);
  const { version, legacy } = electronForPackaging({ modules });
  if (legacy) say(`Electron ${version} is older than this app is made for: a package for trying out, never for a release.`);
  const { drawIcons } = await import('./icons.js');
  const app = readPackagedApp(plan.app);
  const picture = app.icon ? path.resolve(path.dirname(plan.app), app.icon) : path.join(plan.shell, 'electron', 'pages', 'app.svg');
  await step('drawing the icons', () => drawIcons(picture, path.join(plan.stage, 'icons')));
  renderTemplates(app, plan.assets, path.join(plan.stage, 'packaging'));
  await step('bundling the shell', () => bundle({ legacy, plan }));
  await must('collecting licences', plan.python, ['-I', '-X', 'utf8', '-m', 'djdesk.tools.notices', '--stage', plan.stage, '--modules', modules]);
  // electron-builder looks for a project and its packages here; there are none.
  fs.writeFileSync(path.join(plan.stage, 'package.json'), '{"private": true}\n');
  const system = SYSTEMS[process.platform];
  if (!system) throw new SetupProblem(`There is nothing to package on ${process.platform}.`, 'Package on Linux, macOS or Windows.');
  await must('packaging', process.execPath, [
    path.join(modules, 'node_modules', 'electron-builder', 'cli.js'), '--projectDir', plan.stage,
    '--config', path.join(HERE, 'builder-config.js'), '--publish', 'never', system, ...process.argv.slice(2),
  ]);
  // electron-builder's debug output: everything else in this folder is for users.
  fs.rmSync(path.join(plan.dist, 'builder-debug.yml'), { force: true });
}

/**
 * @param {string} what
 * @param {string} command
 * @param {string[]} args
 */
const must = (what, command, args) => step(what, () => new Promise((resolve, reject) => {
  // Show its output to the user: packaging uses many tools that can fail.
  const child = spawn(command, args, { stdio: ['ignore', 2, 2] });
  child.on('error', reject);
  child.on('exit', (code) => (code === 0
    ? resolve(undefined)
    : reject(new SetupProblem(`It stopped at: ${what}.`, 'The lines above name the cause; docs/packaging.md tells what can be replaced.'))));
}));

main().catch(fail);
