import fs from 'node:fs';
import path from 'node:path';

import { say } from '../locale/messages.js';
import { Problem } from './problem.js';

/**
 * @typedef {object} Interpreter
 * @property {string} command
 * @property {string[]} args arguments before `serve` or `worker`
 * @property {string[]} tool arguments before a `djdesk` command
 * @property {string} cwd
 *
 * @typedef {object} PythonOptions
 * @property {string} root folder of the Python project
 * @property {string | null} [resources] the packaged app's resources folder; null in development
 * @property {NodeJS.Platform} [platform]
 * @property {NodeJS.ProcessEnv} [env]
 */

/** `-I` ignores PYTHONPATH and the user's site folder; see the launch contract. */
const ISOLATED = ['-I', '-X', 'utf8', '-m'];

/**
 * The interpreter that runs the backend.
 * @param {PythonOptions} options
 * @returns {Interpreter}
 * @throws {Problem} `python_missing`
 */
export function findPython({ root, resources = null, platform = process.platform, env = process.env }) {
  const command = resources ? packaged(resources, platform) : env.DJDESK_PYTHON || development(root, platform);
  if (!fs.existsSync(command)) {
    throw new Problem({
      stage: 'python',
      code: 'python_missing',
      reason: resources
        ? say('The Python that belongs to this app is missing from its installation.')
        : say('The Python environment of this app is missing: {command} does not exist.', { command }),
      hint: resources
        ? say('Install the app again; your data stays where it is.')
        : say('Start it with "djdesk start" (or "npm start"), which sets the environment up.'),
      detail: command,
    });
  }
  // Nothing is written into an installation; its byte code is compiled already. (-I ignores
  // PYTHONDONTWRITEBYTECODE.)
  const isolated = resources ? ['-B', ...ISOLATED] : ISOLATED;
  return { command, args: [...isolated, 'djdesk.desktop'], tool: [...isolated, 'djdesk.cli'], cwd: resources || root };
}

/**
 * @param {string} resources
 * @param {NodeJS.Platform} platform
 */
const packaged = (resources, platform) =>
  platform === 'win32'
    ? path.join(resources, 'backend', 'python', 'python.exe')
    : path.join(resources, 'backend', 'python', 'bin', 'python3');

/**
 * @param {string} root
 * @param {NodeJS.Platform} platform
 */
const development = (root, platform) =>
  platform === 'win32'
    ? path.join(root, '.venv', 'Scripts', 'python.exe')
    : path.join(root, '.venv', 'bin', 'python');
