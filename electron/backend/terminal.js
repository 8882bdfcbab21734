import fs from 'node:fs';

/**
 * Writes to stdout (1) or stderr (2) synchronously, so that nothing is lost if the process ends
 * next. A program started from its icon on Windows has neither, and a terminal may be closed: then
 * it is lost.
 * @param {1 | 2} descriptor
 * @param {string} text
 */
export function tell(descriptor, text) {
  try {
    fs.writeSync(descriptor, text);
  } catch {
    // EBADF, EPIPE, EOF: no reader.
  }
}
