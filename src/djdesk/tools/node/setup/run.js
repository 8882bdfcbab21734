import { spawn } from 'node:child_process';

/**
 * @typedef {object} Result
 * @property {number | null} code exit code; null if it could not be started or was killed
 * @property {string} stdout
 * @property {string} stderr
 * @property {boolean} timedOut
 */

/** How much of the end of a tool's output to keep. */
const KEPT = 64 * 1024;

/**
 * Run a tool to its end, without a shell and with a time limit. Never rejects.
 * @param {string} command
 * @param {string[]} args
 * @param {{cwd?: string, env?: NodeJS.ProcessEnv, timeoutMs?: number}} [options]
 * @returns {Promise<Result>}
 */
export function run(command, args, { cwd, env, timeoutMs = 30 * 60_000 } = {}) {
  return new Promise((resolve) => {
    const result = { code: /** @type {number | null} */ (null), stdout: '', stderr: '', timedOut: false };
    /** @type {import('node:child_process').ChildProcess} */
    let child;
    try {
      // Windows starts .cmd files (npm) only through its shell.
      child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true, shell: /\.(cmd|bat)$/i.test(command) });
    } catch (error) {
      resolve({ ...result, stderr: String(error) });
      return;
    }
    const timer = setTimeout(() => {
      result.timedOut = true;
      child.kill('SIGKILL');
    }, timeoutMs);
    child.stdout?.on('data', (data) => { result.stdout = (result.stdout + data).slice(-KEPT); });
    child.stderr?.on('data', (data) => { result.stderr = (result.stderr + data).slice(-KEPT); });
    child.on('error', (error) => {
      clearTimeout(timer);
      resolve({ ...result, stderr: `${result.stderr}${error.message}` });
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ ...result, code });
    });
  });
}

/**
 * The last lines of a tool's output, for a message.
 * @param {Result} result
 */
export function lastWords(result) {
  const text = result.stderr.trim() || result.stdout.trim();
  return text.split('\n').slice(-8).join('\n');
}
