import path from 'node:path';

import { newLaunchId } from './contract.js';
import { prepareDataDir } from './data-dir.js';
import { DataTools } from './data-tools.js';
import { Logs } from './logs.js';
import { findPython } from './python.js';
import { retryOnChange } from './source-watch.js';
import { StateFile } from './state-file.js';
import { Supervisor } from './supervisor.js';

/**
 * @typedef {object} Runtime
 * @property {import('../app.js').App} app
 * @property {string} dataDir
 * @property {string} launchId
 * @property {Logs} logs
 * @property {StateFile} state
 * @property {Supervisor} supervisor
 * @property {DataTools} tools
 * @property {() => string[]} python the interpreter, up to `-m`; may throw a Problem
 *
 * Creates everything behind either shell without starting it.
 * @param {object} options
 * @param {import('../app.js').App} options.app
 * @param {string} options.dataDir
 * @param {string | null} [options.resources] set in a packaged app
 * @param {string} [options.browserSession]
 * @param {boolean} [options.safeMode] without background tasks
 * @param {boolean} [options.rehearsal] run a new version on a copy of the data, without the app's own processes
 * @param {() => void} [options.relaunch] restarts the shell itself; packaged apps only
 * @param {((line: string) => void) | null} [options.echo] also receives every log line
 * @returns {Runtime}
 */
export function createRuntime({ app, dataDir, resources = null, browserSession, safeMode = false, rehearsal = false, relaunch, echo = null }) {
  const launchId = newLaunchId();
  const state = new StateFile(dataDir);
  const logs = new Logs({ dir: path.join(dataDir, 'logs'), launchId, echo });
  const supervisor = new Supervisor({
    app: app.root,
    processes: rehearsal ? {} : app.processes,
    dataDir,
    launchId,
    logs,
    browserSession,
    safeMode,
    rehearsal,
    python: () => {
      prepareDataDir(dataDir);
      return findPython({ root: app.root, resources });
    },
    port: { remembered: () => state.ports(), remember: (port) => state.rememberPort(port) },
    relaunch,
  });
  if (process.env.DJDESK_MODE === 'development' && !resources) retryOnChange(supervisor, app.root, (line) => logs.write('shell', line));
  const tools = new DataTools({
    dataDir,
    python: () => findPython({ root: app.root, resources }),
    log: (line) => logs.write('shell', line),
  });
  const python = () => {
    const { command, args } = findPython({ root: app.root, resources });
    return [command, ...args.slice(0, -1)];
  };
  return { app, dataDir, launchId, logs, state, supervisor, tools, python };
}
