/** The theme of the page and of the window around it. */
import { bridge } from './bridge.js';

/** @type {Record<string, [string, string]>} media attribute of the dark theme's link, and color-scheme */
const THEMES = {
  system: ['screen and (prefers-color-scheme: dark)', 'light dark'],
  light: ['not all', 'light'],
  dark: ['screen', 'dark'],
};

/** The window stores it for its next start, when it needs the theme before there is a page. */
export function startTheme() {
  tellWindow(document.documentElement.dataset.theme || 'system');
}

/** @param {string} theme `system`, `light` or `dark` */
export function applyTheme(theme) {
  if (!Object.prototype.hasOwnProperty.call(THEMES, theme)) return;
  const [media, scheme] = THEMES[theme];
  document.documentElement.dataset.theme = theme;
  const link = document.getElementById('dark-theme');
  if (link instanceof HTMLLinkElement) link.media = media;
  const meta = document.querySelector('meta[name=color-scheme]');
  if (meta) meta.setAttribute('content', scheme);
  tellWindow(theme);
}

/** @param {string} theme */
function tellWindow(theme) {
  if (bridge && bridge.setTheme) bridge.setTheme(theme);
}
