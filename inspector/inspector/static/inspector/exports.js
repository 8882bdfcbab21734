/** Showing an exported file in its folder, where there is a window that can. */
import { bridge } from './bridge.js';
import { copyText } from './copy.js';
import { gettext } from './i18n.js';

export function startExports() {
  offer();
  document.addEventListener('djdesk:swapped', offer);
  document.addEventListener('click', (event) => {
    const button = event.target instanceof Element && event.target.closest('[data-show-export]');
    if (button && bridge) show(button.getAttribute('data-show-export') || '', button.getAttribute('data-path') || '');
  });
}

/** In a browser the path can be copied instead. */
function offer() {
  for (const element of Array.from(document.querySelectorAll('[data-show-export]'))) {
    /** @type {HTMLElement} */ (element).hidden = !bridge;
  }
  for (const element of Array.from(document.querySelectorAll('[data-instead-of-show]'))) {
    /** @type {HTMLElement} */ (element).hidden = Boolean(bridge);
  }
}

/** @param {string} name @param {string} path */
async function show(name, path) {
  if (bridge && !(await bridge.showExport(name).catch(() => false))) copyText(path, gettext('The file no longer exists. Copied {path}', { path }));
}
