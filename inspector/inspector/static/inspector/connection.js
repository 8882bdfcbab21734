/**
 * Whether DJDesk's own server answers. It is on this computer, so the network has no part in it.
 * While it does not, a form or a link would only lead to an error page and take along what was
 * typed: they are held.
 */
import { notice } from './notice.js';

const TIMEOUT = 4000; // ms for an answer
const PAUSE = 1000; // ms between two attempts

let lost = false;
let looking = false;

export function startConnection() {
  document.addEventListener('submit', hold, true);
  document.addEventListener('click', hold, true);
}

/** The event stream broke. That may be the page's end, or a server that is busy: look. */
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
