import fs from 'node:fs';

/** Bytes that a run of all tests needs free. */
export const NEEDED = 3e9;

/**
 * A full disk makes hundreds of tests fail, and none of them says why.
 * @param {string[]} folders where the tests write
 * @param {(folder: string) => {bavail: number, bsize: number}} [look]
 * @returns {{folder: string, free: number} | null} a folder with too little space, with its free bytes
 */
export function tooFull(folders, look = fs.statfsSync) {
  for (const folder of folders) {
    const { bavail, bsize } = look(folder);
    if (bavail * bsize < NEEDED) return { folder, free: bavail * bsize };
  }
  return null;
}
