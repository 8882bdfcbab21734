import fs from 'node:fs';
import path from 'node:path';

/** The first four bytes of Mach-O files: 64-bit, 32-bit, universal, in either byte order. */
const MAGIC = new Set(['cffaedfe', 'feedfacf', 'cefaedfe', 'feedface', 'cafebabe']);

/**
 * The programs and libraries below a folder that macOS requires to be signed, found by content, because file
 * extensions do not identify them.
 * @param {string} folder
 * @returns {string[]} relative paths; empty if the folder does not exist
 */
export function machOFiles(folder) {
  if (!fs.existsSync(folder)) return [];
  const found = fs.readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => /(\.(so|dylib)|[\\/]bin[\\/][^.\\/]+)$/.test(file) && MAGIC.has(head(file)));
  return found.map((file) => path.relative(folder, file)).sort();
}

/** @param {string} file */
function head(file) {
  const handle = fs.openSync(file, 'r');
  try {
    const buffer = Buffer.alloc(4);
    fs.readSync(handle, buffer, 0, 4, 0);
    return buffer.toString('hex');
  } finally {
    fs.closeSync(handle);
  }
}
