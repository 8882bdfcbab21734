import { externalLink } from './external-links.js';

/**
 * @typedef {object} Clicked what Chromium tells of the place, as far as it matters
 * @property {boolean} isEditable
 * @property {string} selectionText
 * @property {string} linkURL
 * @property {{canUndo: boolean, canRedo: boolean, canCut: boolean, canCopy: boolean, canPaste: boolean, canSelectAll: boolean}} editFlags
 *
 * @typedef {{role: 'undo' | 'redo' | 'cut' | 'copy' | 'paste' | 'selectAll', enabled: boolean} | {type: 'separator'} | {link: string}} Item
 *
 * What a click with the other button offers: in a field what one does with text, on a selection to
 * copy it, on a link to the web its address. Nothing elsewhere, and then there is no menu.
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
  // Addresses of the app itself are of no use outside of its window.
  const link = externalLink(linkURL);
  if (link !== null) items.push({ link });
  return items;
}
