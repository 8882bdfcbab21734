import fs from 'node:fs';
import path from 'node:path';

import { newLaunchId } from './contract.js';
import { prepareDataDir } from './data-dir.js';
import { Logs } from './logs.js';
import { findPython } from './python.js';
import { StateFile } from './state-file.js';
import { Supervisor } from './supervisor.js';

/**
 * @typedef {{dataDir: string, launchId: string, logs: Logs, state: StateFile, supervisor: Supervisor, version: string}} Runtime
 *
 * Everything behind either shell, put together but not started.
 * @param {object} options
 * @param {string} options.dataDir
 * @param {string} options.root folder of package.json
 * @param {string | null} [options.resources] set in a packaged app
 * @param {string} [options.browserSession]
 * @param {((line: string) => void) | null} [options.echo] also told every log line
 * @returns {Runtime}
 */
export function createRuntime({ dataDir, root, resources = null, browserSession, echo = null }) {
  const launchId = newLaunchId();
  const state = new StateFile(dataDir);
  const logs = new Logs({ dir: path.join(dataDir, 'logs'), launchId, echo });
  const supervisor = new Supervisor({
    dataDir,
    launchId,
    logs,
    browserSession,
    python: () => {
      prepareDataDir(dataDir);
      return findPython({ root, resources });
    },
    port: {
      remembered: () => state.read().port,
      remember: (port) => {
        if (state.read().port !== port) state.update({ port });
      },
    },
  });
  return { dataDir, launchId, logs, state, supervisor, version: appVersion(root) };
}

/** @param {string} root */
function appVersion(root) {
  try {
    return String(JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')).version);
  } catch {
    return 'unknown';
  }
}
