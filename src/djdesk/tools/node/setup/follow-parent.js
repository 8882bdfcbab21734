import { run } from './run.js';

/** How often the parents are checked, in milliseconds. */
const INTERVAL = 500;

/**
 * npm starts a shell that starts this script. If npm is killed, nothing else would end its children, so this
 * watches the parent and, behind a shell, npm itself.
 * @param {() => void} orphaned called once
 */
export async function followParent(orphaned) {
  // Windows does not reparent children; there, closing the console ends its programs.
  if (!process.env.npm_lifecycle_event || process.platform === 'win32') return;
  const parent = process.ppid;
  let npm = 0;
  const timer = setInterval(() => {
    if (process.ppid === parent && (npm === 0 || isAlive(npm))) return;
    clearInterval(timer);
    orphaned();
  }, INTERVAL);
  timer.unref();
  npm = await packageManager(parent);
}

/**
 * The nearest ancestor that is a package manager; 0 if there is none, for example a shell that the user may
 * close.
 * @param {number} pid
 */
async function packageManager(pid) {
  for (let level = 0; level < 3 && pid > 1; level += 1) {
    const { code, stdout } = await run('ps', ['-o', 'ppid=,args=', '-p', String(pid)], { timeoutMs: 5000 });
    const [, next, args] = /^\s*(\d+)\s+(.*)/.exec(stdout) ?? [];
    if (code !== 0 || !args) return 0;
    if (/^(npm|yarn|pnpm)\b|[\\/](npm|yarn|pnpm)(-cli)?(\.c?js)?(\s|$)/.test(args)) return pid;
    pid = Number(next);
  }
  return 0;
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
