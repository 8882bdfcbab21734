/** Copying to the clipboard, and saying so. */
import { notice } from './notice.js';

export function startCopying() {
  document.addEventListener('click', (event) => {
    const button = event.target instanceof Element && event.target.closest('[data-copy]');
    if (!button) return;
    const text = button.getAttribute('data-copy') || '';
    copyText(text, `Copied ${text}`);
  });
}

/**
 * @param {string} text
 * @param {string} said when it worked
 */
export async function copyText(text, said) {
  try {
    await navigator.clipboard.writeText(text);
    notice(said);
  } catch {
    notice(copyBySelection(text) ? said : 'The clipboard is not available here.');
  }
}

/** For where the clipboard needs a permission that this window does not have. @param {string} text */
function copyBySelection(text) {
  const area = document.createElement('textarea');
  const focused = document.activeElement;
  area.value = text;
  area.className = 'hidden';
  document.body.appendChild(area);
  area.select();
  const done = document.execCommand('copy');
  area.remove();
  if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
  return done;
}
