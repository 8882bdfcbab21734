/**
 * Optional desktop functions that an app enables by name (`bridge = [...]` in its table), with the
 * functions of `window.djdesk` that each adds.
 * @type {Record<string, string[]>}
 */
export const BRIDGE_SETS = {
  /** Folders that the user chooses in a dialog or drops on the window, as real paths. */
  folders: ['chooseFolder', 'onFolderDropped'],
  /** Files that the user chooses in a dialog, or opens with the app from the file manager, as real paths. */
  files: ['chooseFiles', 'onFileOpened'],
  /** Files in the data folder's `exports`, shown in the file manager or dragged there. */
  exports: ['showExport', 'dragExport'],
  /** Recently opened items, for File, Open Recent and the system's lists. */
  recent: ['setRecent'],
};
