/** Copies to the clipboard and opens source locations in the editor, with a confirmation. */
import { gettext } from './i18n.js';
import { notice } from './notice.js';

export function startCopying() {
  document.addEventListener('click', (event) => {
    const button = event.target instanceof Element && event.target.closest('[data-copy], [data-copy-from]');
    if (!button) return;
    const from = button.getAttribute('data-copy-from');
    if (from !== null) {
      // A long value is on the page only once, and is not read out completely.
      copyText(document.getElementById(from)?.textContent || '', gettext('Copied {text}', { text: button.getAttribute('data-copied') || '' }));
      return;
    }
    const text = button.getAttribute('data-copy') || '';
    const { editor, openFile } = document.body.dataset;
    const file = button.getAttribute('data-file');
    // Alt or Shift copies the path even if there is an editor.
    if (file && editor && openFile && !event.altKey && !event.shiftKey) {
      openInEditor(openFile, file, button.getAttribute('data-line') || '1', text);
    } else copyText(text, gettext('Copied {text}', { text }));
  });
}

/**
 * @param {string} url @param {string} file @param {string} line @param {string} whole full path, copied if opening fails
 */
async function openInEditor(url, file, line, whole) {
  const token = document.querySelector('input[name=csrfmiddlewaretoken]');
  const body = new FormData();
  body.set('csrfmiddlewaretoken', token instanceof HTMLInputElement ? token.value : '');
  body.set('file', file);
  body.set('line', line);
  try {
    const response = await fetch(url, { method: 'POST', body });
    if (!response.ok) throw new Error(String(response.status));
    const answer = await response.json();
    if (answer.opened) notice(gettext('Opened in {editor}', { editor: answer.editor }));
    else copyText(whole, `${answer.reason} ${gettext('Copied {text}', { text: whole })}`);
  } catch {
    copyText(whole, gettext('The editor could not be asked. Copied {text}', { text: whole }));
  }
}

/**
 * @param {string} text
 * @param {string} said message on success
 */
export async function copyText(text, said) {
  try {
    await navigator.clipboard.writeText(text);
    notice(said);
  } catch {
    notice(copyBySelection(text) ? said : gettext('The clipboard is not available here.'));
  }
}

/** Fallback for when the clipboard API is not permitted. @param {string} text */
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
