import fs from 'node:fs';

const LIMIT = 1024 * 1024;
// O_NONBLOCK: do not wait for a writer on a named pipe. Undefined on Windows.
const FLAGS = fs.constants.O_RDONLY | (fs.constants.O_NONBLOCK || 0);

/**
 * The text of a small file left by an earlier run. It may have been replaced by anything since: a
 * huge file or a named pipe without a writer must not block a start.
 * @param {string} file
 * @param {number} [limit] bytes
 * @returns {string}
 * @throws {Error} if it is not a regular file, too large or unreadable
 */
export function readSmallFile(file, limit = LIMIT) {
  const descriptor = fs.openSync(file, FLAGS);
  try {
    const found = fs.fstatSync(descriptor);
    if (!found.isFile()) throw new Error(`${file} is not a regular file`);
    if (found.size > limit) throw new Error(`${file} is larger than ${limit} bytes`);
    return fs.readFileSync(descriptor, 'utf8');
  } finally {
    fs.closeSync(descriptor);
  }
}
