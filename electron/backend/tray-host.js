import { askSystem } from './ask-system.js';

/** Who shows the icons of a desktop's tray has this name on the session's bus; GNOME by itself has nobody. */
const ASK = ['--user', 'call', 'org.freedesktop.DBus', '/org/freedesktop/DBus', 'org.freedesktop.DBus', 'NameHasOwner', 's', 'org.kde.StatusNotifierWatcher'];

/**
 * Does this desktop show an icon in a tray? On Linux the icon of an app that nobody shows is lost without an error.
 * @param {NodeJS.Platform} [platform]
 * @param {(program: string, args: string[]) => Promise<string>} [ask]
 * @returns {Promise<boolean>} false where it cannot be found out
 */
export async function hasTray(platform = process.platform, ask = askSystem) {
  if (platform !== 'linux') return true;
  return ask('busctl', ASK).then((answer) => /^b true\s*$/.test(answer), () => false);
}
