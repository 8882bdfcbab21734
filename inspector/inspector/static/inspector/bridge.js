/**
 * The API of the desktop window; undefined in a browser.
 *
 * @typedef {object} Bridge
 * @property {() => Promise<string | null>} chooseFolder
 * @property {(callback: (paths: string[]) => void) => void} onFolderDropped
 * @property {(message: string, callback: () => void) => void} onMenu called when one of our menu entries is chosen
 * @property {(message: {title: string, body: string, path?: string}) => void} notify
 * @property {(url: string) => void} openExternal
 * @property {() => void} openDataFolder
 * @property {() => void} openLogs
 * @property {(name: string) => Promise<boolean>} showExport
 * @property {(name: string) => Promise<boolean>} [dragExport]
 * @property {(entries: {label: string, path: string, folder: string}[]) => void} [setRecent]
 * @property {(theme: string) => void} [setTheme]
 * @property {(language: string) => void} [setLanguage]
 */

/** @type {Bridge | undefined} */
export const bridge = /** @type {any} */ (window).djdesk;
