/** The origin of the shell's own pages. */
export const SHELL_ORIGIN = 'app://shell';

/**
 * The origin of a URL as a comparable string, or null. `URL.origin` is "null" for unknown schemes,
 * and Node and Chromium disagree about `app:`, so it is built here.
 * @param {unknown} url
 * @returns {string | null}
 */
export function originOf(url) {
  if (typeof url !== 'string') return null;
  let parsed;
  try {
    parsed = new URL(url);
  } catch {
    return null;
  }
  if (parsed.username || parsed.password || !parsed.host) return null;
  return `${parsed.protocol}//${parsed.host}`;
}

/**
 * @param {unknown} url
 * @param {string | null} origin
 */
export const isSameOrigin = (url, origin) => origin !== null && originOf(url) === origin;

/**
 * A URL of the app, or one that its pages created (`blob:`).
 * @param {unknown} url
 * @param {string | null} origin
 */
export const isOwnAddress = (url, origin) =>
  isSameOrigin(typeof url === 'string' && url.startsWith('blob:') ? url.slice('blob:'.length) : url, origin);

/** Chromium's PDF viewer is a page with one of these origins, built into the program. */
const PDF_VIEWER = ['chrome-extension://mhjfbmdgcfjbbpaeojofohoefgiehjai', 'chrome://resources'];

/** @param {unknown} url */
export const isPdfViewer = (url) => PDF_VIEWER.includes(originOf(url) || '');

/** @param {unknown} url */
export const isShellPage = (url) => originOf(url) === SHELL_ORIGIN;

/**
 * A path of the app as a full URL, or null if it would lead elsewhere.
 * @param {unknown} path
 * @param {string | null} origin
 * @returns {string | null}
 */
export function appAddress(path, origin) {
  if (typeof path !== 'string' || origin === null || !path.startsWith('/')) return null;
  let url;
  try {
    url = new URL(path, origin);
  } catch {
    return null;
  }
  return isSameOrigin(url.href, origin) ? url.href : null;
}
