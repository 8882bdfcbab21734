import { askSystem } from './ask-system.js';

/** The service that shows tray icons owns this name on the session bus; plain GNOME has none. */
const ASK = ['--user', 'call', 'org.freedesktop.DBus', '/org/freedesktop/DBus', 'org.freedesktop.DBus', 'NameHasOwner', 's', 'org.kde.StatusNotifierWatcher'];

/**
 * Whether this desktop shows tray icons. On Linux an icon without a tray is lost without an error.
 * @param {NodeJS.Platform} [platform]
 * @param {(program: string, args: string[]) => Promise<string>} [ask]
 * @returns {Promise<boolean>} false if unknown
 */
export async function hasTray(platform = process.platform, ask = askSystem) {
  if (platform !== 'linux') return true;
  return ask('busctl', ASK).then((answer) => /^b true\s*$/.test(answer), () => false);
}
