import path from 'node:path';

/**
 * The full path of a Windows system program. Given only its name, Windows would also look in the
 * current folder, where anybody may have put one.
 * @param {string} name such as `taskkill.exe`
 * @param {NodeJS.ProcessEnv} [env]
 */
export const systemProgram = (name, env = process.env) =>
  path.win32.join(env.SystemRoot || env.SYSTEMROOT || 'C:\\Windows', 'System32', name);
