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
