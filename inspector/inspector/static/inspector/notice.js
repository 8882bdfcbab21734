/** Short notices about events elsewhere on the page. */
import { gettext } from './i18n.js';

const SHOWN = 6000; // ms

/** @param {string} text */
export function notice(text) {
  const place = document.getElementById('notices');
  if (!place) return;
  const line = document.createElement('p');
  line.className = 'notice';
  line.textContent = text;
  while (place.children.length > 2) place.removeChild(place.children[0]);
  place.appendChild(line);
  window.setTimeout(() => line.remove(), SHOWN);
}

/**
 * Tell that something was removed, with a way to restore it. Stays until used or closed;
 * Ctrl+Z also restores.
 * @param {string} text @param {() => void} undo
 */
export function noticeWithUndo(text, undo) {
  const place = document.getElementById('notices');
  if (!place) return;
  const box = document.createElement('div');
  const back = document.activeElement;
  box.className = 'notice stays';
  box.appendChild(document.createElement('p')).textContent = text;
  const buttons = box.appendChild(document.createElement('p'));
  const add = (/** @type {string} */ word, /** @type {string} */ attribute) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'button';
    button.textContent = word;
    button.setAttribute(attribute, '');
    button.addEventListener('click', () => {
      box.remove();
      if (back instanceof HTMLElement) back.focus();
    });
    buttons.append(button, ' ');
    return button;
  };
  const first = add(gettext('Undo'), 'data-undo');
  first.setAttribute('aria-keyshortcuts', 'Control+Z');
  first.addEventListener('click', undo);
  add(gettext('Close'), 'data-close-notice').classList.add('quiet');
  place.appendChild(box);
  first.focus();
}

/** The app's own message about a request it refused for now. */
export class Refused extends Error {}

/**
 * @param {Response} response
 * @throws {Refused} if the database is locked or the disk is full; another Error for any other failure
 */
export async function expectOk(response) {
  if (response.ok) return;
  if (response.status === 503) {
    const { error, hint } = await response.json();
    throw new Refused(`${error} ${hint}`);
  }
  throw new Error(String(response.status));
}
