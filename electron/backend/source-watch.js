import fs from 'node:fs';
import path from 'node:path';

const INTERVAL_MS = 500;
/** Number of directory entries to check; anything beyond is not watched. */
const MOST = 20_000;
const NOT_SOURCE = new Set(['node_modules', '__pycache__']);

/**
 * Under `djdesk start`: retry a failed start when a file of the app changes. While the app runs,
 * its server watches the files; after a failure there is no server.
 * @param {Pick<import('./supervisor.js').Supervisor, 'on' | 'retry'>} supervisor
 * @param {string} folder of the app
 * @param {(line: string) => void} log
 */
export function retryOnChange(supervisor, folder, log) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  supervisor.on('state', () => clearInterval(timer));
  supervisor.on('failed', () => {
    const before = newest(folder);
    clearInterval(timer);
    timer = setInterval(() => {
      if (newest(folder) === before) return;
      clearInterval(timer);
      log('a file of the app changed: starting again');
      supervisor.retry();
    }, INTERVAL_MS);
  });
}

/**
 * A value that changes when a Python file or the table is changed, created or deleted.
 * @param {string} folder
 */
function newest(folder) {
  let latest = 0;
  let files = 0;
  let seen = 0;
  const folders = [folder];
  for (let one = folders.pop(); one !== undefined; one = folders.pop()) {
    for (const entry of entries(one)) {
      seen += 1;
      if (seen > MOST) break;
      const place = path.join(one, entry.name);
      if (entry.isDirectory()) {
        if (!entry.name.startsWith('.') && !NOT_SOURCE.has(entry.name) && !fs.existsSync(path.join(place, 'pyvenv.cfg'))) folders.push(place);
      } else if (/\.(py|toml)$/.test(entry.name)) {
        files += 1;
        latest = Math.max(latest, fs.statSync(place, { throwIfNoEntry: false })?.mtimeMs || 0);
      }
    }
  }
  return `${files} ${latest}`;
}

/** @param {string} folder */
function entries(folder) {
  try {
    return fs.readdirSync(folder, { withFileTypes: true });
  } catch {
    // It was deleted or is unreadable.
    return [];
  }
}
