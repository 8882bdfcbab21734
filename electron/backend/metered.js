import { execFile } from 'node:child_process';

const LIMIT_MS = 5000;
/** NetworkManager's words: 1 yes, 3 probably. */
const LINUX = ['busctl', ['get-property', 'org.freedesktop.NetworkManager', '/org/freedesktop/NetworkManager', 'org.freedesktop.NetworkManager', 'Metered']];
const WINDOWS = ['powershell', ['-NoProfile', '-NonInteractive', '-Command',
  '[void][Windows.Networking.Connectivity.NetworkInformation,Windows.Networking.Connectivity,ContentType=WindowsRuntime];'
  + '[Windows.Networking.Connectivity.NetworkInformation]::GetInternetConnectionProfile().GetConnectionCost().NetworkCostType']];

/**
 * Does the connection cost money by the byte, as far as the system knows? macOS tells nobody.
 * @param {NodeJS.Platform} [platform]
 * @param {(program: string, args: string[]) => Promise<string>} [ask]
 * @returns {Promise<boolean>}
 */
export async function isMetered(platform = process.platform, ask = askSystem) {
  try {
    if (platform === 'linux') return /^u [13]\s*$/.test(await ask(.../** @type {[string, string[]]} */ (LINUX)));
    if (platform === 'win32') return /^(Fixed|Variable)\s*$/.test(await ask(.../** @type {[string, string[]]} */ (WINDOWS)));
  } catch {
    // It cannot be found out.
  }
  return false;
}

/** @param {string} program @param {string[]} args @returns {Promise<string>} */
const askSystem = (program, args) => new Promise((resolve, reject) => {
  execFile(program, args, { timeout: LIMIT_MS, windowsHide: true }, (error, stdout) => (error ? reject(error) : resolve(stdout)));
});
