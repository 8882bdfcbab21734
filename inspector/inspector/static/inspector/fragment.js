/** Fetches parts of the page at its own URL, inserts them, and scrolls the detail to the top. */
import { swapIn } from './live.js';

let asked = 0;
/** Parts that were requested and have not arrived. @type {Set<string>} */
const waiting = new Set();

/**
 * If the parts cannot be fetched, the whole page is reloaded. Parts still pending from an earlier
 * call are fetched with the later call, which has the newer URL.
 * @param {URL} url of the page @param {string[]} names of the parts
 * @returns {Promise<boolean>} whether they were inserted; false if overtaken by another request
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
