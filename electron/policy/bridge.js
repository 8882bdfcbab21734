/**
 * What an app's pages can have of the desktop beyond what every page has, by the name under which the app
 * switches it on (`bridge = [...]` in its table), with the functions of `window.djdesk` that come with it.
 * @type {Record<string, string[]>}
 */
export const BRIDGE_SETS = {
  /** Folders that the user chooses in a dialog or drops on the window, as real paths. */
  folders: ['chooseFolder', 'onFolderDropped'],
  /** Files that the user chooses in a dialog, or opens with the app in the file manager, as real paths. */
  files: ['chooseFiles', 'onFileOpened'],
  /** Files of the data folder's `exports`, shown in the file manager or dragged there. */
  exports: ['showExport', 'dragExport'],
  /** What the user opened last, for File, Open Recent and for the lists of the system. */
  recent: ['setRecent'],
};
