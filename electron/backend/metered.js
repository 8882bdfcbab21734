import { askSystem } from './ask-system.js';
import { systemProgram } from './system-program.js';

/** NetworkManager's words: 1 yes, 3 probably. */
const LINUX = ['busctl', ['get-property', 'org.freedesktop.NetworkManager', '/org/freedesktop/NetworkManager', 'org.freedesktop.NetworkManager', 'Metered']];
const WINDOWS = [systemProgram('WindowsPowerShell\\v1.0\\powershell.exe'), ['-NoProfile', '-NonInteractive', '-Command',
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
