import { isOwnAddress } from './origin.js';

/**
 * May this be saved to the disk? Only what our own page in our own window offers: an address of
 * our server, or something that the page made itself (`blob:`). The user still says where.
 * @param {{url: string, origin: string | null, own: boolean}} facts `own`: it is one of our windows
 */
export function mayDownload({ url, origin, own }) {
  if (!own) return false;
  return isOwnAddress(url, origin);
}
