// Resolves the style sheet's colours for the canvas, and reports changes.
import { COLORS } from './graph.js';

/**
 * @typedef {{surface: string, card: string, text: string, quiet: string, border: string, edge: string, out: string, into: string, apps: string[], forced: boolean}} Theme
 */

/** @param {HTMLElement} root @returns {Theme} */
export function readTheme(root) {
  // A custom property reads back as written (`var(…)`, a system colour); a real property
  // reads back as a colour.
  const probe = document.createElement('span');
  probe.hidden = true;
  root.append(probe);
  /** @param {string} name */
  const color = (name) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const theme = {
    surface: color('--schema-surface'),
    card: color('--schema-card'),
    text: color('--schema-text'),
    quiet: color('--schema-quiet'),
    border: color('--schema-border'),
    edge: color('--schema-edge'),
    out: color('--schema-out'),
    into: color('--schema-into'),
    apps: Array.from({ length: COLORS }, (_, at) => color(`--schema-app-${at + 1}`)),
    forced: matchMedia('(forced-colors: active)').matches,
  };
  probe.remove();
  return theme;
}

/** @param {() => void} changed @returns {() => void} stops watching */
export function watchTheme(changed) {
  const queries = ['(prefers-color-scheme: dark)', '(forced-colors: active)', '(prefers-contrast: more)'].map((query) => matchMedia(query));
  for (const query of queries) query.addEventListener('change', changed);
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['class', 'data-theme', 'style'] });
  return () => {
    for (const query of queries) query.removeEventListener('change', changed);
    observer.disconnect();
  };
}
