/** Where the shell's own pages live. */
export const SHELL_ORIGIN = 'app://shell';

/**
 * The origin of a URL as a string that can be compared, or null. `URL.origin` is "null" for
 * schemes it does not know, and Node and Chromium disagree about `app:`; so it is put together here.
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
 * An address of the app, or something that one of its pages made itself (`blob:`).
 * @param {unknown} url
 * @param {string | null} origin
 */
export const isOwnAddress = (url, origin) =>
  isSameOrigin(typeof url === 'string' && url.startsWith('blob:') ? url.slice('blob:'.length) : url, origin);

/** Chromium's viewer of PDF files is a page of these; they lie in the program itself. */
const PDF_VIEWER = ['chrome-extension://mhjfbmdgcfjbbpaeojofohoefgiehjai', 'chrome://resources'];

/** @param {unknown} url */
export const isPdfViewer = (url) => PDF_VIEWER.includes(originOf(url) || '');

/** @param {unknown} url */
export const isShellPage = (url) => originOf(url) === SHELL_ORIGIN;

/**
 * A path of the app as a full address, or null when it would lead anywhere else.
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
