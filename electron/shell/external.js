import { shell } from 'electron';

import { externalLink } from '../policy/external-links.js';

/**
 * The only place that hands a URL to the system.
 * @param {unknown} url
 * @returns {Promise<boolean>} whether it was opened
 */
export async function openExternalLink(url) {
  const link = externalLink(url);
  if (link === null) return false;
  try {
    await shell.openExternal(link);
    return true;
  } catch {
    return false;
  }
}
