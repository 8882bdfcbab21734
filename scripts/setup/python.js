import { run } from '../../src/djdesk/tools/node/setup/run.js';

/**
 * @typedef {object} Python
 * @property {string} executable absolute, of the base installation: a virtual environment may be deleted
 * @property {[number, number, number]} version
 */

export const MINIMUM = /** @type {const} */ ([3, 12]);

const QUESTION = [
  'import json, sys',
  'base = getattr(sys, "_base_executable", None) or sys.executable',
  'print(json.dumps({"executable": base, "version": sys.version_info[:3],',
  '  "final": sys.version_info.releaselevel == "final", "name": sys.implementation.name}))',
].join('\n');

/**
 * Run a candidate and ask for its version. This resolves shims, or fails.
 * @param {import('./python-candidates.js').Candidate} candidate
 * @returns {Promise<Python | null>} null unless it is a final CPython release
 */
export async function ask({ command, args }) {
  const result = await run(command, [...args, '-I', '-c', QUESTION], { timeoutMs: 10_000 });
  if (result.code !== 0) return null;
  try {
    const { executable, version, final, name } = JSON.parse(result.stdout);
    return final && name === 'cpython' && executable ? { executable, version } : null;
  } catch {
    return null;
  }
}

/** @param {Python} python */
export const isNewEnough = ({ version: [major, minor] }) =>
  major > MINIMUM[0] || (major === MINIMUM[0] && minor >= MINIMUM[1]);

/**
 * Ask candidates in order until one is new enough.
 * @param {import('./python-candidates.js').Candidate[]} candidates
 * @returns {Promise<{python: Python | null, older: Python | null}>} `older`: the first working one that is
 *     too old, which can still install uv
 */
export async function findPython(candidates) {
  let older = null;
  for (const candidate of candidates) {
    const python = await ask(candidate);
    if (python && isNewEnough(python)) return { python, older };
    older ??= python;
  }
  return { python: null, older };
}
