import { execFile } from 'node:child_process';

const LIMIT_MS = 5000;

/**
 * The output of a system program. Rejects if it is missing, fails or takes too long.
 * @param {string} program
 * @param {string[]} args
 * @returns {Promise<string>}
 */
export const askSystem = (program, args) => new Promise((resolve, reject) => {
  execFile(program, args, { timeout: LIMIT_MS, windowsHide: true }, (error, stdout) => (error ? reject(error) : resolve(stdout)));
});
