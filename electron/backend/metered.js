import { askSystem } from './ask-system.js';
import { systemProgram } from './system-program.js';

/** NetworkManager's values: 1 is yes, 3 is a guess of yes. */
const LINUX = ['busctl', ['get-property', 'org.freedesktop.NetworkManager', '/org/freedesktop/NetworkManager', 'org.freedesktop.NetworkManager', 'Metered']];
const WINDOWS = [systemProgram('WindowsPowerShell\\v1.0\\powershell.exe'), ['-NoProfile', '-NonInteractive', '-Command',
  '[void][Windows.Networking.Connectivity.NetworkInformation,Windows.Networking.Connectivity,ContentType=WindowsRuntime];'
  + '[Windows.Networking.Connectivity.NetworkInformation]::GetInternetConnectionProfile().GetConnectionCost().NetworkCostType']];

/**
 * Whether the connection is metered, as far as the system knows. macOS does not tell.
 * @param {NodeJS.Platform} [platform]
 * @param {(program: string, args: string[]) => Promise<string>} [ask]
 * @returns {Promise<boolean>}
 */
export async function isMetered(platform = process.platform, ask = askSystem) {
  try {
    if (platform === 'linux') return /^u [13]\s*$/.test(await ask(.../** @type {[string, string[]]} */ (LINUX)));
    if (platform === 'win32') return /^(Fixed|Variable)\s*$/.test(await ask(.../** @type {[string, string[]]} */ (WINDOWS)));
  } catch {
    // Unknown.
  }
  return false;
}
