import { run } from './run.js';

/** How often the parents are looked at, in milliseconds. */
const INTERVAL = 500;

/**
 * npm starts a shell that starts this script. If npm is killed, nobody else would end what it
 * started, so this watches the parent and, behind a shell, npm itself.
 * @param {() => void} orphaned called once
 */
export async function followParent(orphaned) {
  // Windows does not give a child another parent; there the console that closes takes its programs along.
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
 * The nearest ancestor that is a package manager; 0 if there is none, as when a shell that the
 * user may close stands there.
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
