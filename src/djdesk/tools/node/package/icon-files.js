/** The two icon container formats, which embed PNG files unchanged, and Windows' plain bitmap. */

export const ICO_SIZES = [16, 24, 32, 48, 64, 128, 256];
export const ICNS_SIZES = [16, 32, 64, 128, 256, 512, 1024];

/** Apple's type names by size in pixels: plain, and for displays with double density. */
const ICNS_TYPES = /** @type {const} */ ([
  ['icp4', 16], ['ic11', 32], ['icp5', 32], ['ic12', 64], ['icp6', 64], ['ic07', 128], ['ic13', 256],
  ['ic08', 256], ['ic14', 512], ['ic09', 512], ['ic10', 1024],
]);

/**
 * Width and height from a PNG's header.
 * @param {Buffer} png
 */
export function pngSize(png) {
  if (png.toString('latin1', 1, 4) !== 'PNG') throw new Error('That is not a PNG.');
  return { width: png.readUInt32BE(16), height: png.readUInt32BE(20) };
}

/**
 * @param {Buffer[]} pictures PNG files, square, at most 256 pixels wide
 * @returns {Buffer}
 */
export function ico(pictures) {
  const header = Buffer.alloc(6);
  header.writeUInt16LE(1, 2);
  header.writeUInt16LE(pictures.length, 4);
  let offset = header.length + 16 * pictures.length;
  const entries = pictures.map((png) => {
    const { width } = pngSize(png);
    const entry = Buffer.alloc(16);
    // 256 is encoded as 0.
    entry.writeUInt8(width % 256, 0);
    entry.writeUInt8(width % 256, 1);
    entry.writeUInt16LE(1, 4);
    entry.writeUInt16LE(32, 6);
    entry.writeUInt32LE(png.length, 8);
    entry.writeUInt32LE(offset, 12);
    offset += png.length;
    return entry;
  });
  return Buffer.concat([header, ...entries, ...pictures]);
}

/**
 * @param {Map<number, Buffer>} pictures by size in pixels
 * @returns {Buffer}
 */
export function icns(pictures) {
  const parts = ICNS_TYPES.flatMap(([type, size]) => {
    const png = pictures.get(size);
    return png ? [block(type, png)] : [];
  });
  return block('icns', Buffer.concat(parts));
}

/**
 * @param {string} type four letters
 * @param {Buffer} data
 */
function block(type, data) {
  const header = Buffer.alloc(8);
  header.write(type, 0, 'latin1');
  header.writeUInt32BE(data.length + 8, 4);
  return Buffer.concat([header, data]);
}

/**
 * A 24-bit bitmap, without transparency.
 * @param {number} width
 * @param {number} height
 * @param {Uint8Array} pixels four bytes each, RGBA, opaque
 * @returns {Buffer}
 */
export function bmp(width, height, pixels) {
  const row = Math.ceil((width * 3) / 4) * 4;
  const head = 54;
  const file = Buffer.alloc(head + row * height);
  file.write('BM', 0, 'latin1');
  file.writeUInt32LE(file.length, 2);
  file.writeUInt32LE(head, 10);
  file.writeUInt32LE(40, 14);
  file.writeInt32LE(width, 18);
  file.writeInt32LE(height, 22);
  file.writeUInt16LE(1, 26);
  file.writeUInt16LE(24, 28);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const from = (y * width + x) * 4;
      // Bottom row first, in BGR order.
      const to = head + (height - 1 - y) * row + x * 3;
      file[to] = pixels[from + 2];
      file[to + 1] = pixels[from + 1];
      file[to + 2] = pixels[from];
    }
  }
  return file;
}
