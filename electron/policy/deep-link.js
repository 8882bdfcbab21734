/** Letters, digits and the marks of a slug, as in our own paths. */
const SEGMENT = /^[A-Za-z0-9_-]{1,64}$/;
const MAX_SEGMENTS = 8;

/**
 * Convert `scheme://open/a/b/` to the path at which the server decides about it; null for any other
 * form. The link may come from anywhere (a web page, an e-mail), so only plain words get through,
 * and the server decides whether they name a page.
 * @param {unknown} link
 * @param {string} scheme of the app's links
 * @returns {string | null}
 */
export function deepLinkPath(link, scheme) {
  if (typeof link !== 'string' || link.length > 600 || !isLink(link, scheme)) return null;
  // Not with URL: it would resolve dots, decode escapes and accept alternative spellings.
  const [, path] = /^:\/\/open(?:\/(.*))?$/i.exec(link.slice(scheme.length)) || [null, null];
  if (path === null) return null;
  const segments = (path || '').split('/');
  if (segments[segments.length - 1] === '') segments.pop();
  if (segments.length > MAX_SEGMENTS || !segments.every((segment) => SEGMENT.test(segment))) return null;
  return `/desktop/open/${segments.map((segment) => `${segment}/`).join('')}`;
}

/**
 * The link in a command line: how Windows and Linux pass it.
 * @param {string[]} argv
 * @param {string} scheme
 * @returns {string | null}
 */
export const linkAmong = (argv, scheme) => argv.find((word) => isLink(word, scheme)) || null;

/** An app without a scheme has no links. @param {string} word @param {string} scheme */
const isLink = (word, scheme) => scheme !== '' && word.toLowerCase().startsWith(`${scheme}:`);
