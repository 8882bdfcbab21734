import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/**
 * A command that may be a Python. Only running it can tell: a name on PATH may be a pyenv shim without an
 * installed version, or the Windows placeholder that opens the store.
 * @typedef {{command: string, args: string[]}} Candidate
 */

/** Newest first; a missing name costs nothing. */
const MINORS = [14, 13, 12];

/**
 * Possible Pythons, best guess first: the user's choice, PATH, then the folders of version managers.
 * @param {{env?: NodeJS.ProcessEnv, platform?: NodeJS.Platform, home?: string}} [options]
 * @returns {Candidate[]}
 */
export function pythonCandidates({ env = process.env, platform = process.platform, home = os.homedir() } = {}) {
  /** @type {string[]} */
  const files = [];
  for (const name of ['DJDESK_BOOTSTRAP_PYTHON', 'UV_PYTHON']) {
    const value = env[name];
    if (value && path.isAbsolute(value)) files.push(value);
  }
  /** @type {Candidate[]} */
  const candidates = files.map((command) => ({ command, args: [] }));
  const names = [...MINORS.map((minor) => `python3.${minor}`), 'python3', 'python'];
  candidates.push(...names.map((command) => ({ command, args: [] })));
  if (platform === 'win32') {
    candidates.push(...MINORS.map((minor) => ({ command: 'py', args: [`-3.${minor}`] })), { command: 'py', args: ['-3'] });
  }
  candidates.push(...managed(env, platform, home).map((command) => ({ command, args: [] })));
  return candidates;
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {NodeJS.Platform} platform
 * @param {string} home
 */
function managed(env, platform, home) {
  const windows = platform === 'win32';
  const exe = windows ? 'python.exe' : path.join('bin', 'python3');
  const local = env.LOCALAPPDATA || path.join(home, 'AppData', 'Local');
  const roaming = env.APPDATA || path.join(home, 'AppData', 'Roaming');
  const data = env.XDG_DATA_HOME || path.join(home, '.local', 'share');

  /** Folders that hold one folder per version. */
  const shelves = [
    env.PYENV_ROOT && path.join(env.PYENV_ROOT, 'versions'),
    path.join(home, '.pyenv', windows ? 'pyenv-win' : '', 'versions'),
    env.UV_PYTHON_INSTALL_DIR,
    windows ? path.join(roaming, 'uv', 'python') : path.join(data, 'uv', 'python'),
    path.join(home, '.asdf', 'installs', 'python'),
    path.join(data, 'mise', 'installs', 'python'),
    windows && path.join(local, 'Programs', 'Python'),
    platform === 'darwin' && '/Library/Frameworks/Python.framework/Versions',
  ];
  const roots = [
    env.CONDA_PREFIX,
    ...['miniconda3', 'anaconda3', 'miniforge3', 'mambaforge'].map((name) => path.join(home, name)),
    ...(platform === 'darwin' ? MINORS.map((minor) => `/opt/homebrew/opt/python@3.${minor}`) : []),
  ];
  const found = roots.filter((root) => root).map((root) => path.join(String(root), exe));
  for (const shelf of shelves) {
    if (shelf) found.push(...versionsOn(shelf).map((version) => path.join(shelf, version, exe)));
  }
  return found.filter((file) => fs.existsSync(file));
}

/**
 * Folder names, highest version first.
 * @param {string} shelf
 */
function versionsOn(shelf) {
  try {
    return fs.readdirSync(shelf).sort((a, b) => b.localeCompare(a, 'en', { numeric: true }));
  } catch {
    return [];
  }
}
