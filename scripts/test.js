/**
 * `npm test`: runs the tests and prints a final line with their counts.
 *
 *   npm test                 all checks except those that take minutes each
 *   npm test -- lint pytest  only these; `npm test -- --list` names them
 *   DJDESK_TEST_LONG=1       all checks with all their tests, as in .ci/run
 */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { findBrowser } from '../src/djdesk/tools/node/setup/find-browser.js';
import { NEEDED, tooFull } from './checks/space.js';
import { fromJunit, fromReport, fromTap, none, single, sum, wanted } from './checks/tally.js';
import { runs, windowsTests } from './checks/windows.js';
import { findElectron } from '../src/djdesk/tools/node/setup/electron.js';
import { appEnvironment, apps } from './setup/apps.js';
import { ensureDjango, ensureEnvironment, PYTHON, VENV } from './setup/environment.js';
import { ensureNodeModules } from './setup/node-modules.js';
import { inRoot, ROOT, venvProgram } from './setup/paths.js';
import { say, SetupProblem } from '../src/djdesk/tools/node/setup/say.js';
import { ask } from './setup/python.js';
import { ensureStaticFiles } from './setup/static-files.js';
import { findUv } from './setup/uv.js';

/** @typedef {import('./checks/tally.js').Tally} Tally */

const REPORTS = inRoot('build', 'test');
/** The systems whose code differs, as mypy calls them. */
const SYSTEMS = ['linux', 'darwin', 'win32'];
/** @param {string} system */
const here = (system) => system === process.platform;
/** Parallel pytest files: three on two cores, because many tests wait for a process. */
const AT_ONCE = ['--numprocesses=3', '--dist=loadfile'];
/** Milliseconds after which one of Node's test files has failed, whatever it waits for. pytest: `faulthandler_timeout`. */
const STUCK = 600_000;
/** Milliseconds after which a check is stopped. On two cores the longest takes a quarter of it. */
const LIMIT = 1_800_000;
/** Milliseconds for a stopped check to print what failed until then. */
const GRACE = 60_000;

/**
 * `long`: takes minutes, so it runs only when named, and in .ci/run.
 * @type {Record<string, {what: string, run: () => Promise<Tally>, long?: boolean}>}
 */
const CHECKS = {
  lint: { what: 'ruff: rules', run: () => tool(venvProgram(VENV, 'ruff'), ['check', '--quiet']) },
  format: { what: 'ruff: format', run: () => tool(venvProgram(VENV, 'ruff'), ['format', '--check', '--quiet']) },
  types: { what: 'mypy', run: () => inEach((folder) => types(folder, SYSTEMS.filter(here))) },
  'types-elsewhere': { what: 'mypy, as on the other systems', long: true, run: () => inEach((folder) => types(folder, SYSTEMS.filter((system) => !here(system)))) },
  'types-js': { what: 'tsc --checkJs --strict', run: () => tool(process.execPath, [inRoot('node_modules', 'typescript', 'bin', 'tsc'), '-p', 'jsconfig.json']) },
  deploy: { what: 'manage.py check --deploy', run: () => manage('check', '--deploy', '--fail-level', 'WARNING') },
  migrations: { what: 'makemigrations --check', run: () => manage('makemigrations', '--check', '--dry-run') },
  pytest: { what: 'pytest', run: pytest },
  django: { what: 'the runtime with Django 5.2 and 6.0', long: true, run: otherDjangos },
  node: { what: 'node: shell and page modules', run: () => nodeTests('node', nodeFiles(), { together: 2 }) },
  pages: { what: 'pages in headless Chromium', run: pageTests },
  window: { what: 'windows of a real Electron', run: windowTests },
  windows: { what: 'a Python for Windows, under wine', long: true, run: onWindows },
  package: { what: 'the packaged app', long: true, run: packageTests },
  starter: { what: 'an app of somebody else, from the wheel', long: true, run: () => nodeTests('starter', e2e(/^starter/)) },
};

async function main() {
  const names = process.argv.slice(2);
  if (names.includes('--list')) {
    for (const [name, { what, long }] of Object.entries(CHECKS)) console.log(`${name.padEnd(17)}${what}${long ? ' (takes minutes)' : ''}`);
    return;
  }
  const unknown = names.filter((name) => !(name in CHECKS));
  if (unknown.length) throw new SetupProblem(`There is no check ${unknown.join(', ')}.`, `There are: ${Object.keys(CHECKS).join(', ')}.`);
  const full = tooFull([os.tmpdir(), ROOT]);
  if (full) throw new SetupProblem(`Only ${(full.free / 1e9).toFixed(1)} GB are free in ${full.folder}. The tests need ${NEEDED / 1e9} GB.`, 'Free some space. Temporary files can go elsewhere: set TMPDIR.');
  // With it, each of thousands of Python processes would compile its modules again.
  delete process.env.PYTHONDONTWRITEBYTECODE;
  await ensureNodeModules();
  await ensureEnvironment('dev');
  await ensureStaticFiles();
  fs.mkdirSync(REPORTS, { recursive: true });

  /** @type {Tally[]} */
  const tallies = [];
  const failed = [];
  const usual = Object.keys(CHECKS).filter((name) => process.env.DJDESK_TEST_LONG || !CHECKS[name].long);
  const leftOut = names.length ? [] : Object.keys(CHECKS).filter((name) => !usual.includes(name));
  for (const name of names.length ? names : usual) {
    const begun = Date.now();
    console.log(`\n── ${CHECKS[name].what}`);
    const tally = await CHECKS[name].run();
    tallies.push(tally);
    if (tally.failed) failed.push(name);
    console.log(`${tally.failed ? 'FAILED' : 'ok'} in ${((Date.now() - begun) / 1000).toFixed(1)} s`);
  }
  const { passed, failed: failures, skipped, packages = [], long } = sum(tallies);
  if (failed.length) console.log(`\nFailed: ${failed.join(', ')}. One alone: npm test -- ${failed[0]}`);
  const strict = process.env.CI === 'true' && packages.length > 0;
  if (packages.length) console.log(`\nSome tests were skipped for want of: ${packages.join(', ')}.${strict ? ' With CI=true that is a failure.' : ''}`);
  if (long) console.log(`\n${long} of the skipped tests take long; DJDESK_TEST_LONG=1 runs them, as .ci/run does.`);
  if (leftOut.length) console.log(`\nLeft out because they take minutes: ${leftOut.join(', ')}. To run one: npm test -- ${leftOut[0]}`);
  // On its own line: other programs read it.
  console.log(`\n${passed} passed, ${failures} failed, ${skipped} skipped`);
  process.exitCode = failures || strict || passed === 0 ? 1 : 0;
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 * @param {string} [cwd]
 * @returns {Promise<boolean>} whether it exited with 0
 */
function succeeds(command, args, env = {}, cwd = ROOT) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ...env } });
    child.on('error', (error) => {
      console.error(`${command}: ${error.message}`);
      resolve(false);
    });
    // SIGINT first: pytest then prints the failures so far. Without it a run that hangs says nothing.
    const limit = setTimeout(() => {
      console.error(`\n${path.basename(command)} has run for ${LIMIT / 60_000} minutes and is stopped.`);
      child.kill('SIGINT');
      setTimeout(() => child.kill('SIGKILL'), GRACE).unref();
    }, LIMIT);
    child.on('exit', (code) => {
      clearTimeout(limit);
      resolve(code === 0);
    });
  });
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {string} [folder]
 */
const tool = async (command, args, folder) => single(await succeeds(command, args, {}, folder));

/**
 * Run the runtime's own checks, then those of each app in this repository.
 * @param {(folder: string) => Promise<Tally>} check
 */
async function inEach(check) {
  const tallies = [];
  for (const folder of [ROOT, ...apps()]) tallies.push(await check(folder));
  return sum(tallies);
}

/** @param {string} folder @param {string[]} systems whose branches of the code are checked */
async function types(folder, systems) {
  return sum(await Promise.all(systems.map((platform) => tool(PYTHON, [
    '-m', 'mypy', '--no-error-summary', '--platform', platform, '--cache-dir', path.join(folder, '.mypy_cache', platform),
  ], folder))));
}

/** manage.py of each app, with its users' settings. @param {...string} args */
const manage = (...args) => inEach(async (folder) => {
  // The runtime is not a project: its fixture app is used instead.
  const app = folder === ROOT ? inRoot('tests', 'apps', 'parity') : folder;
  return single(await succeeds(
    PYTHON, ['-I', '-X', 'utf8', '-m', 'django', ...args], appEnvironment(app, inRoot('build', 'setup-data', path.basename(app))),
  ));
});

function pytest() {
  return inEach(async (folder) => {
    const report = path.join(REPORTS, `pytest-${path.basename(folder)}.xml`);
    fs.rmSync(report, { force: true });
    // Two at a time, with all tests of a file in one process: they mostly wait for processes.
    const ok = await succeeds(PYTHON, ['-m', 'pytest', '--quiet', ...AT_ONCE, `--junit-xml=${report}`], {}, folder);
    return fromReport(report, fromJunit, ok);
  });
}

/** About sockets, disks, processes and other systems: they do not depend on the Django version. */
const ANY_DJANGO = ['backups', 'build_id', 'busy', 'data_startup', 'guardian', 'guardian_kinds', 'held_files', 'installation', 'lock', 'memory', 'obstacles', 'odd_places', 'places', 'process',
  'heartbeat', 'records', 'updating',
  'acceptor', 'salvage', 'server_process', 'shell_messages', 'windows'];
/** Need PostgreSQL: the environments with other Djangos have no driver for it. */
const WITH_SERVER = ['run_worker', 'transfer'];

async function otherDjangos() {
  const tallies = [];
  for (const version of ['5.2', '6.0']) {
    const python = await ensureDjango(version);
    const report = path.join(REPORTS, `django-${version}.xml`);
    fs.rmSync(report, { force: true });
    const ok = await succeeds(python, ['-m', 'pytest', '--quiet', ...AT_ONCE, `--junit-xml=${report}`,
      ...[...ANY_DJANGO, ...WITH_SERVER].map((name) => `--ignore=tests/djdesk/test_${name}.py`), 'tests/djdesk']);
    tallies.push(fromReport(report, fromJunit, ok));
  }
  return sum(tallies);
}

/**
 * @param {string} name name of the report
 * @param {string[]} files
 * @param {{env?: NodeJS.ProcessEnv, together?: number}} [options] `together`: files in parallel
 */
async function nodeTests(name, files, { env = {}, together = 1 } = {}) {
  if (!files.length) return none();
  const report = path.join(REPORTS, `${name}.tap`);
  fs.rmSync(report, { force: true });
  const args = [
    '--test', `--test-concurrency=${together}`, `--test-timeout=${STUCK}`,
    '--test-reporter=spec', '--test-reporter-destination=stdout',
    '--test-reporter=tap', `--test-reporter-destination=${report}`, ...files,
  ];
  const ok = await succeeds(process.execPath, args, env);
  return fromReport(report, fromTap, ok);
}

/**
 * @param {string} place a folder, or a file
 * @returns {string[]}
 */
function testFiles(place) {
  if (!fs.existsSync(place)) return [];
  if (fs.statSync(place).isFile()) return [place];
  return fs.readdirSync(place, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(place, entry.name);
    if (entry.isDirectory()) return testFiles(file);
    return entry.name.endsWith('.test.js') ? [file] : [];
  });
}

/** Every test folder: the runtime's and each app's. */
const testFolders = () => [ROOT, ...apps()].map((folder) => path.join(folder, 'tests'));

/** Tests that need neither a browser nor a window. */
const nodeFiles = () => testFolders().flatMap(testFiles).filter((file) => path.basename(path.dirname(file)) !== 'e2e');

/** @param {RegExp} pattern of the file's name */
const e2e = (pattern) => testFolders().flatMap((folder) => testFiles(path.join(folder, 'e2e')))
  .filter((file) => pattern.test(path.basename(file)));

async function pageTests() {
  const browser = findBrowser();
  if (!browser) return skip('Chromium', 'needs-package: chromium, or name one in DJDESK_CHROMIUM');
  return nodeTests('pages', e2e(/^(?!shell|package|starter)/), { env: { DJDESK_CHROMIUM: browser }, together: 2 });
}

async function windowTests() {
  const { electron, reason } = await findElectron({ modules: async () => ROOT });
  if (!electron) return skip(`Electron: ${reason}`, 'name an unpacked one in ELECTRON_OVERRIDE_DIST_PATH');
  // Without a display each file gets its own; on a shared one, two windows compete for the keyboard focus.
  const together = process.platform === 'linux' && !process.env.DISPLAY ? 2 : 1;
  return nodeTests('window', e2e(/^shell/), { together });
}

async function onWindows() {
  if (process.platform !== 'linux') return skip('wine', 'on Windows itself the other checks run these tests');
  if (!runs('wine')) return skip('wine', 'needs-package: wine');
  const uv = await findUv(await ask({ command: PYTHON, args: [] }));
  return windowsTests({ python: PYTHON, uv, folders: [ROOT, ...apps()], reports: REPORTS });
}

/** Builds, unpacks and starts packages: more than a minute. */
function packageTests() {
  return nodeTests('package', e2e(/^package/));
}

/**
 * @param {string} missing
 * @param {string} remedy
 * @returns {Tally}
 */
function skip(missing, remedy) {
  console.log(`skipped: missing ${missing}; ${remedy}`);
  return { ...none(), skipped: 1, ...wanted([`${missing}; ${remedy}`]) };
}

main().catch((error) => {
  if (error instanceof SetupProblem) say(`\n${error.message}\n${error.hint}${error.detail ? `\n\n${error.detail}` : ''}`);
  else say(String(error?.stack ?? error));
  process.exit(1);
});
