/**
 * Checks whether DJDesk's own server responds. It runs on this computer, so the network is not
 * involved. While it does not respond, forms and links are blocked: they would lead to an error
 * page and lose typed text.
 */
import { notice } from './notice.js';

const TIMEOUT = 4000; // ms to wait for a response
const PAUSE = 1000; // ms between attempts

let lost = false;
let looking = false;

export function startConnection() {
  document.addEventListener('submit', hold, true);
  document.addEventListener('click', hold, true);
}

/** The event stream broke. The page may be closing or the server busy: check. */
export async function doubtServer() {
  if (looking) return;
  looking = true;
  while (!(await answers())) {
    show(true);
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
  looking = false;
  show(false);
}

/** @returns {Promise<boolean>} */
async function answers() {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), TIMEOUT);
  try {
    return (await fetch('/health/', { cache: 'no-store', signal: abort.signal })).ok;
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}

/** @param {boolean} now */
function show(now) {
  if (now === lost) return;
  lost = now;
  const place = document.getElementById('connection');
  if (place) place.hidden = !lost;
  if (lost) return;
  if (place) notice(place.dataset.back || '');
  document.dispatchEvent(new CustomEvent('djdesk:server-back'));
}

/** @param {Event} event */
function hold(event) {
  if (!lost) return;
  const target = /** @type {Element} */ (event.target);
  const link = event.type === 'click' ? target.closest('a[href]') : null;
  if (event.type === 'click' && (!(link instanceof HTMLAnchorElement) || !leaves(link))) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const place = document.getElementById('connection');
  notice((place && place.dataset.held) || '');
}

/** @param {HTMLAnchorElement} link */
function leaves(link) {
  if (link.origin !== location.origin || link.hasAttribute('data-help')) return false;
  return link.pathname !== location.pathname || link.search !== location.search || !link.hash;
}
