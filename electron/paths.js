import path from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The one place that knows where things lie. A bundle is not where its sources are, so its build
 * defines these two names; otherwise they do not exist.
 */
const bundledRoot = typeof DJDESK_ROOT === 'string' ? DJDESK_ROOT : null;
const bundledPreload = typeof DJDESK_PRELOAD === 'string' ? DJDESK_PRELOAD : null;

/** Folder of package.json. */
export const ROOT = bundledRoot || path.dirname(path.dirname(fileURLToPath(import.meta.url)));
/** The window's icon, drawn from pages/mark.svg by scripts/icon.js. */
export const ICON = path.join(ROOT, 'electron', 'icon.png');
/** The shell's own pages. */
export const PAGES = path.join(ROOT, 'electron', 'pages');
export const PRELOAD = bundledPreload || path.join(ROOT, 'electron', 'bridge', 'preload.cjs');
