import path from 'node:path';

/**
 * The whole path of a program that comes with Windows. By its name alone Windows would take one of that
 * name from the current folder, which may be anybody's.
 * @param {string} name such as `taskkill.exe`
 * @param {NodeJS.ProcessEnv} [env]
 */
export const systemProgram = (name, env = process.env) =>
  path.win32.join(env.SystemRoot || env.SYSTEMROOT || 'C:\\Windows', 'System32', name);
