/** Exported files in the desktop window: shows them in their folder, and drags them to other programs. */
import { bridge } from './bridge.js';
import { copyText } from './copy.js';
import { gettext } from './i18n.js';

/** Whether one of our own files is being dragged out. */
let dragging = false;

export const isDraggingOut = () => dragging;

export function startExports() {
  offer();
  document.addEventListener('djdesk:swapped', offer);
  document.addEventListener('click', (event) => {
    const button = event.target instanceof Element && event.target.closest('[data-show-export]');
    if (button && bridge) show(button.getAttribute('data-show-export') || '', button.getAttribute('data-path') || '');
  });
  document.addEventListener('dragstart', (event) => {
    const element = event.target instanceof Element && event.target.closest('[data-drag-export]');
    if (!element || !bridge || !bridge.dragExport) return;
    event.preventDefault();
    dragging = true;
    bridge.dragExport(element.getAttribute('data-drag-export') || '').catch(() => {}).then(() => { dragging = false; });
  });
}

/** In a browser, offer to copy the path or save a copy instead. */
function offer() {
  for (const element of Array.from(document.querySelectorAll('[data-show-export], [data-drag-hint]'))) {
    /** @type {HTMLElement} */ (element).hidden = !bridge;
  }
  for (const element of Array.from(document.querySelectorAll('[data-instead-of-show]'))) {
    /** @type {HTMLElement} */ (element).hidden = Boolean(bridge);
  }
  // Links are draggable by default, as URLs; other elements need the attribute.
  for (const element of Array.from(document.querySelectorAll('[data-drag-export]'))) {
    /** @type {HTMLElement} */ (element).draggable = Boolean(bridge?.dragExport) || element instanceof HTMLAnchorElement;
  }
}

/** @param {string} name @param {string} path */
async function show(name, path) {
  if (bridge && !(await bridge.showExport(name).catch(() => false))) copyText(path, gettext('The file no longer exists. Copied {path}', { path }));
}
