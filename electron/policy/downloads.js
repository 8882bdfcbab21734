import { isOwnAddress } from './origin.js';

/**
 * Whether this download is allowed. Only downloads offered by our own page in our own window: a URL
 * of our server, or one that the page created (`blob:`). The user still chooses where.
 * @param {{url: string, origin: string | null, own: boolean}} facts `own`: it is one of our windows
 */
export function mayDownload({ url, origin, own }) {
  if (!own) return false;
  return isOwnAddress(url, origin);
}
