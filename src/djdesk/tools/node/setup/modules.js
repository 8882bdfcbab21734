import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { lastWords, run } from './run.js';
import { SetupProblem, step } from './say.js';
import { contents, digest } from './stamp.js';

const TOOLS = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/**
 * The cache of JavaScript packages shared by all apps.
 * @param {{env?: NodeJS.ProcessEnv, platform?: NodeJS.Platform, home?: string}} [options]
 */
export function cacheFolder({ env = process.env, platform = process.platform, home = os.homedir() } = {}) {
  if (platform === 'win32') return path.win32.join(env.LOCALAPPDATA || path.win32.join(home, 'AppData', 'Local'), 'djdesk', 'Cache', 'node');
  if (platform === 'darwin') return path.posix.join(home, 'Library', 'Caches', 'djdesk', 'node');
  const xdg = env.XDG_CACHE_HOME;
  return path.posix.join(xdg && path.posix.isAbsolute(xdg) ? xdg : path.posix.join(home, '.cache'), 'djdesk', 'node');
}

/**
 * The folder that holds node_modules: the checkout's, or one in the cache, which is installed from the lock
 * on first use and needs no network afterwards.
 * @param {Pick<import('./plan.js').Plan, 'modules' | 'lock'>} plan
 * @returns {Promise<string>}
 */
export async function modulesFolder({ modules, lock }) {
  if (modules) return modules;
  const names = ['package.json', 'package-lock.json'];
  const wanted = path.join(cacheFolder(), digest(...names.map((name) => contents(path.join(lock, name)))));
  if (fs.existsSync(wanted)) return wanted;
  await step('installing Electron and its tools, once for all apps', () => inPlace(wanted, async (folder) => {
    for (const name of names) fs.copyFileSync(path.join(lock, name), path.join(folder, name));
    const npm = npmProgram();
    const result = await run(npm.command, [...npm.args, 'ci', '--loglevel=error', '--no-audit', '--no-fund'], { cwd: folder });
    if (result.code !== 0) {
      throw new SetupProblem(
        'The JavaScript packages could not be installed (npm ci).',
        'Check the network and the free space on the disk, then run the command again. A closed network needs npm\'s setting "registry".',
        lastWords(result),
      );
    }
  }));
  return wanted;
}

/**
 * A copy of these tools beside the packages that they import. In a checkout, no copy is needed.
 * @param {string} modules
 * @returns {Promise<string>} the folder of the tools
 */
export async function toolsBeside(modules) {
  if (!path.relative(modules, TOOLS).startsWith('..')) return TOOLS;
  const files = fs.readdirSync(TOOLS, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const named = files.map((entry) => path.join(entry.parentPath ?? entry.path, entry.name)).sort();
  const copy = path.join(modules, `tools-${digest(...named.map(contents))}`);
  if (!fs.existsSync(copy)) await inPlace(copy, async (folder) => fs.cpSync(TOOLS, folder, { recursive: true }));
  return copy;
}

/**
 * The shell of an ejected app, built from the sources in the app's folder.
 * @param {import('./plan.js').Plan} plan
 * @param {string} modules
 * @returns {Promise<string>} the folder that holds electron/
 */
export async function ownShell({ shell, stage }, modules) {
  const out = path.join(stage, 'shell');
  const result = await run(process.execPath, [path.join(await toolsBeside(modules), 'shell.js'), shell, out, modules]);
  if (result.code !== 0) throw new SetupProblem(`The shell in ${shell} cannot be built.`, 'The message below names the place.', lastWords(result));
  return out;
}

/**
 * Creates a folder under a temporary name first, so that an existing one is always complete, even if two
 * commands run at once or one is interrupted.
 * @param {string} folder
 * @param {(unfinished: string) => Promise<void>} fill
 */
async function inPlace(folder, fill) {
  const parent = path.dirname(folder);
  fs.mkdirSync(parent, { recursive: true });
  for (const name of fs.readdirSync(parent)) {
    const pid = Number(/\.unfinished-(\d+)$/.exec(name)?.[1]);
    if (pid && !isAlive(pid)) fs.rmSync(path.join(parent, name), { recursive: true, force: true });
  }
  const unfinished = `${folder}.unfinished-${process.pid}`;
  fs.mkdirSync(unfinished);
  try {
    await fill(unfinished);
    fs.renameSync(unfinished, folder);
  } catch (error) {
    fs.rmSync(unfinished, { recursive: true, force: true });
    // Another command was faster.
    if (!fs.existsSync(folder)) throw error;
  }
}

/** The npm of this Node, else the one on PATH. */
function npmProgram() {
  const home = path.dirname(process.execPath);
  const places = [
    process.env.npm_execpath,
    path.join(home, '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    path.join(home, 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    path.join(home, '..', 'share', 'nodejs', 'npm', 'bin', 'npm-cli.js'),
  ];
  const script = places.find((place) => place?.endsWith('.js') && fs.existsSync(place));
  if (script) return { command: process.execPath, args: [script] };
  return { command: process.platform === 'win32' ? 'npm.cmd' : 'npm', args: [] };
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}
