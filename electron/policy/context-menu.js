import { externalLink } from './external-links.js';

/**
 * @typedef {object} Clicked the parts of Chromium's context-menu parameters that matter
 * @property {boolean} isEditable
 * @property {string} selectionText
 * @property {string} linkURL
 * @property {{canUndo: boolean, canRedo: boolean, canCut: boolean, canCopy: boolean, canPaste: boolean, canSelectAll: boolean}} editFlags
 *
 * @typedef {{role: 'undo' | 'redo' | 'cut' | 'copy' | 'paste' | 'selectAll', enabled: boolean} | {type: 'separator'} | {link: string}} Item
 *
 * Items of the context menu: editing commands in a field, Copy on a selection, Copy Link on a web
 * link. An empty list elsewhere, for no menu.
 * @param {Clicked} clicked
 * @returns {Item[]}
 */
export function contextItems({ isEditable, selectionText, linkURL, editFlags: can }) {
  if (isEditable) {
    return [
      { role: 'undo', enabled: can.canUndo }, { role: 'redo', enabled: can.canRedo }, { type: 'separator' },
      { role: 'cut', enabled: can.canCut }, { role: 'copy', enabled: can.canCopy }, { role: 'paste', enabled: can.canPaste },
      { type: 'separator' }, { role: 'selectAll', enabled: can.canSelectAll },
    ];
  }
  /** @type {Item[]} */
  const items = [];
  if (selectionText.trim()) items.push({ role: 'copy', enabled: can.canCopy });
  // Addresses of the app itself are useless outside its window.
  const link = externalLink(linkURL);
  if (link !== null) items.push({ link });
  return items;
}
