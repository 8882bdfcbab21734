/**
 * @typedef {{version?: string, integrity?: string, resolved?: string, dev?: boolean, devOptional?: boolean,
 *   dependencies?: Record<string, string>, optionalDependencies?: Record<string, string>,
 *   peerDependencies?: Record<string, string>}} Entry
 * @typedef {{lockfileVersion: number, packages: Record<string, Entry>}} Lock
 */

/**
 * The part of a lock (version 3) that some packages need, as a separate lock with the same versions and
 * hashes.
 * @param {Lock} lock
 * @param {{name: string, version: string, wanted: string[], versions: Record<string, string>}} options
 *     `versions`: the ranges in package.json; other packages use the lock's version
 */
export function partOfLock(lock, { name, version, wanted, versions }) {
  /** @type {Record<string, Entry>} */
  const kept = {};
  const queue = wanted.map((dependency) => ({ from: '', dependency, optional: false }));
  while (queue.length) {
    const { from, dependency, optional } = /** @type {typeof queue[number]} */ (queue.pop());
    const place = resolve(lock, from, dependency);
    if (!place) {
      if (optional) continue;
      throw new Error(`${dependency}, which ${from || 'the wheel'} needs, is not in the lock.`);
    }
    if (kept[place]) continue;
    const { dev, devOptional, resolved, ...entry } = lock.packages[place];
    kept[place] = entry;
    for (const next of Object.keys(entry.dependencies ?? {})) queue.push({ from: place, dependency: next, optional: false });
    for (const next of Object.keys({ ...entry.optionalDependencies, ...entry.peerDependencies })) queue.push({ from: place, dependency: next, optional: true });
  }
  const dependencies = Object.fromEntries([...wanted].sort().map((dependency) =>
    [dependency, versions[dependency] ?? String(lock.packages[`node_modules/${dependency}`].version)]));
  const packageJson = { name, version, private: true, dependencies };
  /** @type {Record<string, Entry>} */
  const packages = { '': /** @type {object} */ ({ name, version, dependencies }), ...Object.fromEntries(Object.keys(kept).sort().map((place) => [place, kept[place]])) };
  return { packageJson, lock: { name, version, lockfileVersion: lock.lockfileVersion, requires: true, packages } };
}

/**
 * Where a package finds another one: as Node resolves it, in its own node_modules first.
 * @param {Lock} lock
 * @param {string} from
 * @param {string} name
 */
function resolve(lock, from, name) {
  for (let place = from; ; place = place.slice(0, Math.max(0, place.lastIndexOf('/node_modules/')))) {
    const candidate = `${place ? `${place}/` : ''}node_modules/${name}`;
    if (lock.packages[candidate]) return candidate;
    if (!place) return null;
  }
}
