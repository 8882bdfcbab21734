/** The real server and worker of this checkout on a temporary data folder, for page tests. */
import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import { fileURLToPath } from 'node:url';

import { makeStaticFiles, staticFilesStale } from '../../../scripts/setup/static-files.js';

export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
export const PARITY = path.join(ROOT, 'tests', 'apps', 'parity');
const inVenv = process.platform === 'win32' ? '.venv/Scripts/python.exe' : '.venv/bin/python';
export const PYTHON = process.env.DJDESK_TEST_PYTHON || path.join(ROOT, inVenv);

const START = 30000; // ms for a child to report ready
const STOP = 8000; // ms for a child to exit after its stdin is closed

/** What this machine lacks for page tests, as a sentence; empty if nothing. */
export function missing() {
  if (!existsSync(PYTHON)) return `no Python at ${PYTHON}: run npm start once`;
  return chromium() ? '' : 'no Chromium: name one in DJDESK_CHROMIUM, or needs-package: chromium';
}

/** The path of a Chromium or Chrome, or an empty string. */
export function chromium() {
  const named = process.env.DJDESK_CHROMIUM;
  if (named) return existsSync(named) ? named : '';
  const folders = (process.env.PATH || '').split(path.delimiter);
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'chrome.exe'];
  const places = [
    ...folders.flatMap((folder) => names.map((name) => path.join(folder, name))),
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  ];
  return places.find((place) => existsSync(place)) || '';
}

/**
 * The app's app.json, rendered from its table as `djdesk start` does.
 * @param {string} folder of the app
 * @returns {string} its app.json
 */
export function appFile(folder) {
  const program = 'import sys; from pathlib import Path; from djdesk.app import load; from djdesk.tools.plan import write_app_json; print(write_app_json(load(Path(sys.argv[1]))))';
  return execFileSync(PYTHON, ['-I', '-X', 'utf8', '-c', program, folder], { encoding: 'utf8' }).trim();
}

/**
 * @typedef {object} App
 * @property {string} origin
 * @property {string} dataDir
 * @property {() => Promise<string>} enter a new one-time login URL
 * @property {() => Promise<string>} enterPage the path of a page that logs a browser in once
 * @property {() => Promise<void>} stopServer
 * @property {() => Promise<void>} startServer at the same URL, for the same visitors
 * @property {() => Promise<void>} stopWorker
 * @property {() => Promise<void>} startWorker
 * @property {() => Promise<void>} stop
 * @property {() => string} log
 */

/**
 * Collect the static files, start the server, then the worker.
 * @param {string} [folder] of the app; default: the runtime's fixture app
 * @returns {Promise<App>}
 */
export async function startApp(folder = PARITY) {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'djdesk-pages-'));
  // Collected once for all test files, which run in parallel.
  if (staticFilesStale(folder)) await makeStaticFiles(folder);
  const token = hex(32);
  const shared = { contract: 1, launch_id: hex(8), data_dir: dataDir, app: folder };
  /** @type {string[]} */
  const lines = [];
  const session = hex(32);
  let server = child('serve', { ...shared, token, port: 0, browser_session: session }, lines);
  const { port } = await server.until('listening');
  let worker = child('worker', shared, lines);
  await worker.until('ready');
  const origin = `http://127.0.0.1:${port}`;
  return {
    origin,
    dataDir,
    enter: async () => (await wayIn(origin, token)).url,
    enterPage: async () => (await wayIn(origin, token, '?page=1')).page,
    stopServer: () => server.stop(),
    startServer: async () => {
      server = child('serve', { ...shared, token, port, browser_session: session }, lines);
      await server.until('listening');
    },
    stopWorker: () => worker.stop(),
    startWorker: async () => {
      worker = child('worker', shared, lines);
      await worker.until('ready');
    },
    stop: async () => {
      await Promise.all([worker.stop(), server.stop()]);
      rmSync(dataDir, { recursive: true, force: true });
    },
    log: () => lines.join('\n'),
  };
}

/** @param {string} origin @param {string} token @param {string} [query] @returns {Promise<{url: string, page: string}>} */
async function wayIn(origin, token, query = '') {
  const response = await fetch(`${origin}/desktop/code/${query}`, { method: 'POST', headers: { 'X-DJDesk-Token': token } });
  if (!response.ok) throw new Error(`no way in: ${response.status}`);
  return response.json();
}

/**
 * @param {string} command
 * @param {Record<string, unknown>} config
 * @param {string[]} lines
 */
function child(command, config, lines) {
  const started = spawn(PYTHON, ['-I', '-X', 'utf8', '-m', 'djdesk.desktop', command], {
    cwd: ROOT,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  started.stdin.on('error', () => {});
  started.stdin.write(`${JSON.stringify(config)}\n`);
  readline.createInterface({ input: started.stderr }).on('line', (line) => lines.push(line));
  /** @type {Promise<void>} */
  const ended = new Promise((resolve) => started.once('close', () => resolve()));
  const events = readline.createInterface({ input: started.stdout });
  return {
    /** @param {string} wanted @returns {Promise<any>} */
    until: (wanted) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`${command} is late`)), START);
        const fail = (/** @type {unknown} */ why) => {
          clearTimeout(timer);
          reject(new Error(`${command}: ${JSON.stringify(why)}\n${lines.join('\n')}`));
        };
        ended.then(() => fail('ended'));
        events.on('line', (line) => {
          const event = line.startsWith('{') ? JSON.parse(line) : {};
          if (event.event === 'failed') fail(event);
          if (event.event !== wanted) return;
          clearTimeout(timer);
          resolve(event);
        });
      }),
    stop: async () => {
      started.stdin.end();
      const timer = setTimeout(() => started.kill('SIGKILL'), STOP);
      await ended;
      clearTimeout(timer);
    },
  };
}

/** @param {number} bytes */
function hex(bytes) {
  return randomBytes(bytes).toString('hex');
}
