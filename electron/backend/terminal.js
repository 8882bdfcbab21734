import fs from 'node:fs';

/**
 * Writes to stdout (1) or stderr (2) at once, even if the process ends next. A program that Windows started
 * by its icon has neither, and a terminal may be closed: there is nobody to tell then.
 * @param {1 | 2} descriptor
 * @param {string} text
 */
export function tell(descriptor, text) {
  try {
    fs.writeSync(descriptor, text);
  } catch {
    // EBADF, EPIPE, EOF: nobody is there.
  }
}
