/** Tests on a CPython for Windows under Wine: the parts of Windows that can be tested on Linux. */
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

import { inRoot } from '../setup/paths.js';
import { fromJunit, fromReport, sum } from './tally.js';

/** Milliseconds after which a folder's tests count as hung. */
const LIMIT = 600_000;

/** Whether a program runs here. @param {string} command */
export const runs = (command) => spawnSync(command, ['--version'], { stdio: 'ignore' }).status === 0;

/**
 * A folder's test files that also run there: `tests/windows.txt`, one per line.
 * @param {string} folder
 * @returns {string[]}
 */
export function windowsFiles(folder) {
  const list = path.join(folder, 'tests', 'windows.txt');
  if (!fs.existsSync(list)) return [];
  return fs.readFileSync(list, 'utf8').split('\n').map((line) => line.replace(/#.*/, '').trim()).filter(Boolean);
}

/**
 * @param {{python: string, uv: string, folders: string[], reports: string}} options
 * @returns {Promise<import('./tally.js').Tally>}
 */
export async function windowsTests({ python, uv, folders, reports }) {
  const made = spawnSync(python, [inRoot('scripts', 'checks', 'windows_python.py'), '--uv', uv], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  if (made.status !== 0) throw new Error('The Python for Windows could not be made: see above.');
  const [home, prefix] = made.stdout.trim().split('\n');
  const env = { ...process.env, WINEPREFIX: prefix, WINEDEBUG: '-all', LC_ALL: 'C.UTF-8' };
  // One Wine server for everything that follows: starting it takes longer than most tests. Its services would
  // hold the pipes of the first program open, so that one has none.
  spawnSync('wineserver', ['-p10'], { env, stdio: 'ignore' });
  spawnSync('wine', ['cmd', '/c', 'exit'], { env, stdio: 'ignore' });
  // In parallel: they mostly wait for processes to start.
  const tallies = await Promise.all(folders.filter((folder) => windowsFiles(folder).length).map(async (folder) => {
    const report = path.join(reports, `windows-${path.basename(folder)}.xml`);
    fs.rmSync(report, { force: true });
    const { ok, output } = await underWine(path.join(home, 'python.exe'), [
      '-X', 'utf8', '-m', 'pytest', '--quiet', '--durations=8', `--junit-xml=Z:${report.replaceAll('/', '\\')}`, ...windowsFiles(folder),
    ], { cwd: folder, env });
    process.stdout.write(`${path.basename(folder)}\n${output}`);
    return fromReport(report, fromJunit, ok);
  }));
  return sum(tallies);
}

/**
 * Pipes for all three streams: with files, or without streams, Python does not start under Wine.
 * @param {string} program
 * @param {string[]} args
 * @param {{cwd: string, env: NodeJS.ProcessEnv}} options
 * @returns {Promise<{ok: boolean, output: string}>} whether it exited with 0
 */
function underWine(program, args, { cwd, env }) {
  return new Promise((resolve) => {
    const child = spawn('wine', [program, ...args], { cwd, env, stdio: ['pipe', 'pipe', 'pipe'] });
    const timer = setTimeout(() => {
      console.error(`The tests on Windows did not end within ${LIMIT / 1000} s and were stopped.`);
      child.kill('SIGKILL');
    }, LIMIT);
    child.stdin.end();
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (chunk) => { output += chunk; });
    child.on('error', (error) => resolve({ ok: false, output: error.message }));
    child.on('exit', (code) => {
      clearTimeout(timer);
      resolve({ ok: code === 0, output });
    });
  });
}
