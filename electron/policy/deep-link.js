/** Letters, digits and the marks of a slug: what our own addresses are made of. */
const SEGMENT = /^[A-Za-z0-9_-]{1,64}$/;
const MAX_SEGMENTS = 8;

/**
 * `scheme://open/a/b/` as the path under which the server decides on it; null for anything that is
 * not exactly of that form. The link came from anywhere (a web page, a mail): nothing of it but plain
 * words gets through, and whether those name a page is the server's to say.
 * @param {unknown} link
 * @param {string} scheme of the app's links
 * @returns {string | null}
 */
export function deepLinkPath(link, scheme) {
  if (typeof link !== 'string' || link.length > 600 || !isLink(link, scheme)) return null;
  // Not through URL: it would resolve dots, decode escapes and forgive spellings.
  const [, path] = /^:\/\/open(?:\/(.*))?$/i.exec(link.slice(scheme.length)) || [null, null];
  if (path === null) return null;
  const segments = (path || '').split('/');
  if (segments[segments.length - 1] === '') segments.pop();
  if (segments.length > MAX_SEGMENTS || !segments.every((segment) => SEGMENT.test(segment))) return null;
  return `/desktop/open/${segments.map((segment) => `${segment}/`).join('')}`;
}

/**
 * The link among the words of a command line: the way Windows and Linux hand it over.
 * @param {string[]} argv
 * @param {string} scheme
 * @returns {string | null}
 */
export const linkAmong = (argv, scheme) => argv.find((word) => isLink(word, scheme)) || null;

/** An app without a scheme has no links. @param {string} word @param {string} scheme */
const isLink = (word, scheme) => scheme !== '' && word.toLowerCase().startsWith(`${scheme}:`);
