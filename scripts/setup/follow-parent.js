/**
 * npm starts this script and waits for it. If npm is killed, nobody else would end what it started.
 * @param {() => void} orphaned called once
 */
export function followParent(orphaned) {
  // Windows does not change the number; there the console that closes takes its programs along.
  if (!process.env.npm_lifecycle_event || process.platform === 'win32') return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    orphaned();
  }, 500);
  timer.unref();
}
