/**
 * Variables that would change which Python runs, what it imports, or which settings it loads. A
 * shell started in an activated virtual environment must not pass that environment on.
 */
const UNWANTED = [
  /^PYTHON/,
  /^__PYVENV_LAUNCHER__$/,
  /^DJANGO_SETTINGS_MODULE$/,
  /^VIRTUAL_ENV/,
  /^CONDA_/,
  /^ELECTRON_RUN_AS_NODE$/,
  /^NODE_OPTIONS$/,
  /^DJDESK_FOLLOW_PARENT$/,
];

/**
 * Where Homebrew and installers put programs. A terminal's shell adds these to PATH; apps started
 * by the Finder get only the system's own.
 */
const MAC_FOLDERS = ['/opt/homebrew/bin', '/usr/local/bin'];

const LOOPBACK = ['127.0.0.1', 'localhost'];

/**
 * The environment of a child: the user's own, without variables that would mislead Python, and with
 * loopback exempt from proxies.
 * @param {NodeJS.ProcessEnv} env
 * @param {NodeJS.Platform} [platform]
 * @returns {NodeJS.ProcessEnv}
 */
export function childEnvironment(env, platform = process.platform) {
  /** @type {NodeJS.ProcessEnv} */
  const result = {};
  let noProxy = '';
  for (const [name, value] of Object.entries(env)) {
    const upper = name.toUpperCase();
    if (upper === 'NO_PROXY') {
      noProxy = noProxy || value || '';
    } else if (!UNWANTED.some((pattern) => pattern.test(upper))) {
      result[name] = value;
    }
  }
  const hosts = noProxy.split(',').map((host) => host.trim()).filter(Boolean);
  const merged = [...hosts, ...LOOPBACK.filter((host) => !hosts.includes(host))].join(',');
  if (platform === 'darwin') {
    const path = (result.PATH || '/usr/bin:/bin:/usr/sbin:/sbin').split(':');
    result.PATH = [...MAC_FOLDERS.filter((folder) => !path.includes(folder)), ...path].join(':');
  }
  result.NO_PROXY = merged;
  // Variable names are case-insensitive on Windows: a second spelling would be a duplicate.
  if (platform !== 'win32') result.no_proxy = merged;
  return result;
}
