import fs from 'node:fs';

const LIMIT = 1024 * 1024;
// Without waiting for who writes into a pipe. Not there on Windows, which has no such files.
const FLAGS = fs.constants.O_RDONLY | (fs.constants.O_NONBLOCK || 0);

/**
 * The text of a small file that an earlier run has left. What became of it since may be anything: a huge file, or a pipe
 * that nobody writes to, must not hang a start.
 * @param {string} file
 * @param {number} [limit] bytes
 * @returns {string}
 * @throws {Error} when it is no regular file, too large, or cannot be read
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
