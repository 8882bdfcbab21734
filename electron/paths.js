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
/** The shell's own pages. */
export const PAGES = path.join(ROOT, 'electron', 'pages');
/** For an app without a picture of its own. */
export const DEFAULT_ICON = path.join(PAGES, 'app.svg');
export const DEFAULT_WINDOW_ICON = path.join(ROOT, 'electron', 'icon.png');
export const PRELOAD = bundledPreload || path.join(ROOT, 'electron', 'bridge', 'preload.cjs');
