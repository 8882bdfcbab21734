import fs from 'node:fs';
import path from 'node:path';

/**
 * A Chromium: DJDESK_CHROMIUM, else the usual programs.
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string | null} absolute path
 */
export function findBrowser(env = process.env) {
  if (env.DJDESK_CHROMIUM) return fs.existsSync(env.DJDESK_CHROMIUM) ? env.DJDESK_CHROMIUM : null;
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];
  const fixed = {
    darwin: ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium'],
    win32: [env.PROGRAMFILES, env['PROGRAMFILES(X86)'], env.LOCALAPPDATA].filter(Boolean)
      .flatMap((root) => [`${root}\\Google\\Chrome\\Application\\chrome.exe`, `${root}\\Microsoft\\Edge\\Application\\msedge.exe`]),
  };
  const onPath = process.platform === 'win32' ? [] : (env.PATH ?? '').split(path.delimiter)
    .flatMap((folder) => names.map((name) => path.join(folder, name)));
  const special = process.platform === 'darwin' || process.platform === 'win32' ? fixed[process.platform] : [];
  return [...onPath, ...special].find((file) => fs.existsSync(file)) ?? null;
}
