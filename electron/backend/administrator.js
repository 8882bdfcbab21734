import path from 'node:path';

/**
 * Where an administrator's update settings may lie: places that only administrators can write to.
 * @param {{name: string, slug: string}} app
 * @param {{platform?: NodeJS.Platform, env?: NodeJS.ProcessEnv}} [options]
 * @returns {string[]}
 */
export function administratorFiles({ name, slug }, { platform = process.platform, env = process.env } = {}) {
  if (platform === 'win32') return [path.win32.join(env.ProgramData || 'C:\\ProgramData', name, 'updates.json')];
  if (platform === 'darwin') return [`/Library/Application Support/${name}/updates.json`];
  return [`/etc/${slug}/updates.json`];
}
