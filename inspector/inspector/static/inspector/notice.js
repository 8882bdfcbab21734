/** Short messages about what happened elsewhere than where the eye is. */

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

/** What the app itself says about a request that it refused for now. */
export class Refused extends Error {}

/**
 * @param {Response} response
 * @throws {Refused} the database is locked, or the disk is full; any other Error otherwise than ok
 */
export async function expectOk(response) {
  if (response.ok) return;
  if (response.status === 503) {
    const { error, hint } = await response.json();
    throw new Refused(`${error} ${hint}`);
  }
  throw new Error(String(response.status));
}
