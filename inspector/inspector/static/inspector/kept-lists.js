/**
 * The user's choices for this project's tables, stored on the server so that they apply to every
 * page and survive a restart.
 */
import { gettext } from './i18n.js';
import { expectOk, notice, Refused } from './notice.js';

/**
 * @typedef {object} SavedFilter
 * @property {string} name
 * @property {string} text text of the filter
 * @property {string} facet value of the list next to it, or empty
 *
 * @typedef {object} TableChoices
 * @property {[number, number[]]} [hidden] number of columns, and indexes of hidden ones
 * @property {SavedFilter[]} [saved] in display order
 *
 * @typedef {{own?: boolean, tables?: Record<string, TableChoices>}} Lists
 */

/** @type {Lists | null} */
let lists = null;

/** Whether there is a project to store choices for. */
export const canKeep = () => Boolean(document.body.dataset.keepList);

/** @returns {Lists} */
function current() {
  return (lists ||= JSON.parse(document.body.dataset.lists || '{}'));
}

/** @param {string} table its key @returns {TableChoices} */
export const choicesOf = (table) => current().tables?.[table] || {};

export const wantsOwn = () => Boolean(current().own);

/**
 * Store one choice; shows the server's error if it refuses.
 * @param {Record<string, string>} values
 * @returns {Promise<boolean>} whether it was stored
 */
export async function keep(values) {
  const address = document.body.dataset.keepList;
  if (!address) return false;
  const token = document.querySelector('input[name=csrfmiddlewaretoken]');
  const body = new FormData();
  body.set('csrfmiddlewaretoken', token instanceof HTMLInputElement ? token.value : '');
  for (const [name, value] of Object.entries(values)) body.set(name, value);
  try {
    const response = await fetch(address, { method: 'POST', body });
    if (response.status === 400) throw new Refused((await response.json()).error);
    await expectOk(response);
    lists = await response.json();
    document.dispatchEvent(new CustomEvent('djdesk:lists'));
    return true;
  } catch (error) {
    notice(error instanceof Refused ? error.message : gettext('That did not reach the server. Try again.'));
    return false;
  }
}
