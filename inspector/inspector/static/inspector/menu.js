/** Handles the entries of the window's menu (defined in pyproject.toml), and fills File > Open Recent. */
import { bridge } from './bridge.js';
import { gettext } from './i18n.js';
import { notice } from './notice.js';
import { openPalette, post } from './palette.js';
import { applyTheme } from './theme.js';

const THEMES = ['system', 'light', 'dark'];
const PAGES = ['overview', 'schema', 'models', 'migrations', 'urls', 'settings', 'checks', 'templates', 'dependencies', 'runs', 'exports'];

export function startMenu() {
  if (!bridge) return;
  for (const page of PAGES) bridge.onMenu(`go-${page}`, () => press(`#rail a[data-page="${page}"]`));
  for (const theme of THEMES) bridge.onMenu(`theme-${theme}`, () => chooseTheme(theme));
  bridge.onMenu('scan', () => press('#scan-start button', gettext('A scan is running already.')));
  bridge.onMenu('cancel-scan', () => press('#scan-cancel button', gettext('No scan is running.')));
  bridge.onMenu('toggle-sidebar', () => press('[data-toggle-rail]'));
  bridge.onMenu('search', openPalette);
  tellRecent();
}

/**
 * Press the page's button for a menu entry.
 * @param {string} selector @param {string} [missing] message if a project page has no such button
 */
function press(selector, missing = '') {
  const target = document.querySelector(selector);
  if (target instanceof HTMLElement) target.click();
  else notice(document.body.dataset.project ? missing : gettext('Open a project first.'));
}

/** @param {string} theme */
function chooseTheme(theme) {
  applyTheme(theme);
  post(document.body.dataset.preferences || '', { only: 'theme', theme });
}

/** This page's project first, then the others in list order. */
function tellRecent() {
  const entries = Array.from(document.querySelectorAll('[data-recent]'), (one) => ({
    label: one.getAttribute('data-recent') || '',
    path: new URL(one.getAttribute('data-address') || one.getAttribute('href') || '/', location.href).pathname,
    folder: one.getAttribute('data-folder') || '',
  }));
  bridge?.setRecent?.(entries.slice(0, 10));
}
