/**
 * Draws the icons of every system from one picture:
 *
 *   node icons.js PICTURE OUT     an SVG, or a square PNG; writes OUT/{png/*.png,icon.ico,icon.icns,splash.bmp}
 */
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { bmp, icns, ICNS_SIZES, ico, ICO_SIZES, pngSize } from './package/icon-files.js';
import { modulesFolder, toolsBeside } from './setup/modules.js';
import { readPlan } from './setup/plan.js';
import { fail, SetupProblem } from './setup/say.js';

const LINUX_SIZES = [16, 24, 32, 48, 64, 128, 256, 512];
/** Shown by the portable program for Windows while it unpacks itself. */
const SPLASH = 256;

/** Initialised only once per process. @type {Promise<void> | null} */
let ready = null;

/**
 * @param {string} picture
 * @param {string} out folder; what is in it is replaced
 */
export async function drawIcons(picture, out) {
  const svg = asSvg(picture);
  const { initWasm, Resvg } = await import('@resvg/resvg-wasm');
  ready ??= initWasm(fs.readFileSync(createRequire(import.meta.url).resolve('@resvg/resvg-wasm/index_bg.wasm')));
  await ready;
  /** @param {number} size @returns {Buffer} */
  const draw = (size) => {
    try {
      return Buffer.from(new Resvg(svg, { fitTo: { mode: 'width', value: size } }).render().asPng());
    } catch (error) {
      throw new SetupProblem(`The icon ${picture} cannot be drawn: ${error instanceof Error ? error.message : error}.`, 'It must be an SVG, or a square PNG of at least 512 pixels.');
    }
  };
  const pictures = new Map([...new Set([...LINUX_SIZES, ...ICO_SIZES, ...ICNS_SIZES])].map((size) => [size, draw(size)]));
  for (const [size, png] of pictures) {
    const { width, height } = pngSize(png);
    if (width !== size || height !== size) throw new SetupProblem(`The icon ${picture} is not square.`, 'Give its viewBox the same width and height.');
  }
  const of = (/** @type {number} */ size) => /** @type {Buffer} */ (pictures.get(size));
  fs.rmSync(out, { recursive: true, force: true });
  fs.mkdirSync(path.join(out, 'png'), { recursive: true });
  for (const size of LINUX_SIZES) fs.writeFileSync(path.join(out, 'png', `${size}x${size}.png`), of(size));
  fs.writeFileSync(path.join(out, 'icon.ico'), ico(ICO_SIZES.map(of)));
  const { width, height, pixels } = new Resvg(svg, { fitTo: { mode: 'width', value: SPLASH }, background: '#ffffff' }).render();
  fs.writeFileSync(path.join(out, 'splash.bmp'), bmp(width, height, pixels));
  fs.writeFileSync(path.join(out, 'icon.icns'), icns(new Map(ICNS_SIZES.map((size) => [size, of(size)]))));
}

/**
 * The picture as SVG text; a PNG is embedded in one.
 * @param {string} picture
 */
function asSvg(picture) {
  let data;
  try {
    data = fs.readFileSync(picture);
  } catch (error) {
    throw new SetupProblem(`The icon ${picture} cannot be read: ${error instanceof Error ? error.message : error}.`, 'Name an SVG or a PNG in "icon" of the table.');
  }
  if (data.toString('latin1', 1, 4) !== 'PNG') {
    const svg = data.toString('utf8');
    // Fonts differ between machines; the icon must not.
    if (/<text[\s>]/i.test(svg)) throw new SetupProblem(`The icon ${picture} holds text.`, 'Turn the text into paths, so that no font is needed.');
    return svg;
  }
  const { width, height } = pngSize(data);
  if (width < 512) throw new SetupProblem(`The icon ${picture} is ${width} pixels wide.`, 'It must be an SVG, or a square PNG of at least 512 pixels.');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}"><image width="${width}" height="${height}" href="data:image/png;base64,${data.toString('base64')}"/></svg>`;
}

async function main() {
  const [picture, out] = process.argv.slice(2).map((word) => path.resolve(word));
  const tools = await toolsBeside(await modulesFolder(readPlan()));
  /** @type {{drawIcons: typeof drawIcons}} */
  const { drawIcons: draw } = await import(pathToFileURL(path.join(tools, 'icons.js')).href);
  await draw(picture, out);
}

// Not awaited: the copy beside the packages may be this very file.
if (process.argv[1] && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) main().catch(fail);
