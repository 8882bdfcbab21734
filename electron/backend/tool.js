import { spawn } from 'node:child_process';

import { joined, say, withoutMessages } from '../locale/messages.js';
import { childEnvironment } from './environment.js';
import { asFailure } from './problem.js';

/** Maximum tool output to keep; a list of backups is far smaller. */
const MAX_OUTPUT = 1024 * 1024;

/**
 * @typedef {{ok: boolean, stdout: string, problem: import('../locale/messages.js').Text}} ToolResult `problem`: a sentence, if not ok
 *
 * Runs one `djdesk` command (src/djdesk/cli.py) to its end; works without the server. Never
 * rejects.
 * @param {() => import('./python.js').Interpreter} python may throw a Problem
 * @param {string[]} args
 * @param {{limitMs?: number, env?: NodeJS.ProcessEnv}} [options]
 * @returns {Promise<ToolResult>}
 */
export function runTool(python, args, { limitMs = 10 * 60 * 1000, env = process.env } = {}) {
  return new Promise((resolve) => {
    const refuse = (/** @type {import('../locale/messages.js').Text} */ problem, stdout = '') => resolve({ ok: false, stdout, problem });
    let child;
    try {
      const { command, tool, cwd } = python();
      child = spawn(command, [...tool, ...args], {
        cwd, env: { ...childEnvironment(env), DJDESK_ERRORS: 'json' }, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true,
      });
    } catch (error) {
      const { reason, hint } = asFailure(error, 'python');
      refuse(joined(reason, hint));
      return;
    }
    let stdout = '';
    let stderr = '';
    let late = false;
    const ended = child;
    const timer = setTimeout(() => {
      late = true;
      ended.kill('SIGKILL');
    }, limitMs);
    child.stdout.setEncoding('utf8').on('data', (text) => { stdout = (stdout + text).slice(0, MAX_OUTPUT); });
    child.stderr.setEncoding('utf8').on('data', (text) => { stderr = (stderr + text).slice(-MAX_OUTPUT); });
    child.once('error', (error) => {
      clearTimeout(timer);
      refuse(say('Python could not be started: {error}.', { error: error.message }));
    });
    child.once('close', (code) => {
      clearTimeout(timer);
      if (code === 0) resolve({ ok: true, stdout, problem: '' });
      else refuse(late ? say('It took longer than {seconds} s and was stopped.', { seconds: Math.round(limitMs / 1000) }) : inWords(stderr, code), stdout);
    });
  });
}

/**
 * A command's own error is an event (`complain` in src/djdesk/desktop/commands/common.py), or a sentence after the
 * command's name; a crash ends with the exception's line.
 * @param {string} stderr
 * @param {number | null} code
 */
function inWords(stderr, code) {
  const failed = failedEvent(stderr.trim().split('\n').slice(-1)[0]);
  if (failed) return joined(failed.reason, failed.hint);
  // The command line is installed under the app's name.
  const [, words = stderr.trim().split('\n').slice(-1)[0]] = /(?:^|[^]*\n)[a-z][a-z0-9-]*: ([^]*)$/.exec(stderr) || [];
  return words.trim().split(/\s*\n\s*/).join(' ') || say('It ended with exit code {code}.', { code: String(code) });
}

/**
 * Parse one line of a tool's stderr as an error event.
 * @param {string} line @returns {{reason: import('../locale/messages.js').Text, hint: import('../locale/messages.js').Text} | null}
 */
function failedEvent(line) {
  try {
    const event = JSON.parse(line);
    return event && event.event === 'failed' && typeof event.reason === 'string' ? withoutMessages({ hint: '', ...event }) : null;
  } catch {
    return null;
  }
}
