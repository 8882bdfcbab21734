/** Parts of the page at its own address: fetched, put in place, and the detail shown from its top. */
import { swapIn } from './live.js';

let asked = 0;
/** Parts that were asked for and have not come. @type {Set<string>} */
const waiting = new Set();

/**
 * Where the parts cannot be had, the whole page is loaded again. What an earlier call still waits
 * for comes with those of a later one, which knows the newer address.
 * @param {URL} url of the page @param {string[]} names of the parts
 * @returns {Promise<boolean>} whether they are in place; not when others were asked for meanwhile
 */
export async function showFragments(url, names) {
  for (const name of names) waiting.add(name);
  url.searchParams.set('fragment', Array.from(waiting).join(','));
  const turn = ++asked;
  try {
    const response = await fetch(url.href, { headers: { Accept: 'text/html' } });
    if (!response.ok) throw new Error(String(response.status));
    const html = await response.text();
    if (turn !== asked) return false;
    waiting.clear();
    swapIn(html);
  } catch {
    if (turn === asked) location.reload();
    return false;
  }
  return true;
}

/** @param {boolean} move whether the focus goes to the detail's heading */
export function enterDetail(move) {
  const detail = document.getElementById('detail');
  if (!detail) return;
  detail.scrollTop = 0;
  const heading = detail.querySelector('h2');
  if (move && heading instanceof HTMLElement) heading.focus({ preventScroll: true });
}
