import path from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * All paths in one place. A bundle is not where its sources are, so the build defines these two
 * constants; otherwise they are undefined.
 */
const bundledRoot = typeof DJDESK_ROOT === 'string' ? DJDESK_ROOT : null;
const bundledPreload = typeof DJDESK_PRELOAD === 'string' ? DJDESK_PRELOAD : null;

/** Folder of package.json. */
export const ROOT = bundledRoot || path.dirname(path.dirname(fileURLToPath(import.meta.url)));
/** The shell's own pages. */
export const PAGES = path.join(ROOT, 'electron', 'pages');
/** For an app without an icon. */
export const DEFAULT_ICON = path.join(PAGES, 'app.svg');
export const DEFAULT_WINDOW_ICON = path.join(ROOT, 'electron', 'icon.png');
export const PRELOAD = bundledPreload || path.join(ROOT, 'electron', 'bridge', 'preload.cjs');
