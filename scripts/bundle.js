/**
 * Bundles the shell for packaging: main process and preload become one file each, in .stage/app,
 * which is laid out like the checkout. The archive that is shipped then holds a few files and no
 * node_modules.
 *
 *   node scripts/bundle.js [--legacy]    prints the folder
 */
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

import { buildLegacy } from './legacy-lane/build.js';
import { inRoot, ROOT } from './setup/paths.js';

const OUT = inRoot('.stage', 'app');

/**
 * @param {{legacy?: boolean, backend?: string}} [options] `legacy`: for an Electron without ES modules
 * @returns {Promise<string>} the folder
 */
export async function bundle({ legacy = false, backend = inRoot('.stage', 'backend') } = {}) {
  fs.rmSync(OUT, { recursive: true, force: true });
  fs.mkdirSync(OUT, { recursive: true });
  if (legacy) noteBundled(Object.keys(manifest().dependencies));
  const main = legacy ? await buildLegacy(OUT, { packaged: true }) && 'main.cjs' : await bundleModern();
  // What the code reads by its path (paths.js), beside the bundle as it is beside the sources.
  for (const name of fs.readdirSync(inRoot('electron')).filter((entry) => /\.(png|svg|ico)$/.test(entry))) {
    fs.mkdirSync(path.join(OUT, 'electron'), { recursive: true });
    fs.copyFileSync(inRoot('electron', name), path.join(OUT, 'electron', name));
  }
  fs.cpSync(inRoot('electron', 'pages'), path.join(OUT, 'electron', 'pages'), { recursive: true });
  const { name, productName, version, description, license, author } = manifest();
  write('package.json', { name, productName, version, description, license, author, homepage: homepage(), desktopName: 'djdesk-app.desktop', type: 'module', main });
  write('backend.json', describeBackend(backend));
  return OUT;
}

async function bundleModern() {
  /** @type {import('esbuild').BuildOptions} */
  const common = { bundle: true, platform: 'node', external: ['electron'], logLevel: 'warning', legalComments: 'inline', metafile: true };
  const main = await build({
    ...common,
    entryPoints: [inRoot('electron', 'main.js')],
    // paths.js finds the pages from where this file lies: the layout is the checkout's.
    outfile: path.join(OUT, 'electron', 'main.js'),
    format: 'esm',
    target: 'node22',
  });
  const preload = await build({
    ...common,
    entryPoints: [inRoot('electron', 'bridge', 'preload.cjs')],
    outfile: path.join(OUT, 'electron', 'bridge', 'preload.cjs'),
    format: 'cjs',
    target: 'chrome130',
  });
  const inputs = [main, preload].flatMap(({ metafile }) => Object.keys(metafile?.inputs ?? {}));
  noteBundled(packagesOf(inputs));
  return 'electron/main.js';
}

/** For the licences. @param {string[]} names */
const noteBundled = (names) => fs.writeFileSync(inRoot('.stage', 'bundled.json'), `${JSON.stringify(names, null, 2)}\n`);

/**
 * The npm packages that files come from.
 * @param {string[]} inputs
 */
export const packagesOf = (inputs) =>
  [...new Set(inputs.flatMap((file) => /^.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? []))].sort();

/**
 * What electron/backend/installation.js compares an installation with.
 * @param {string} backend
 */
function describeBackend(backend) {
  const text = fs.readFileSync(path.join(backend, 'manifest.json'));
  const sizes = Object.values(/** @type {Record<string, [number, string]>} */ (JSON.parse(text.toString('utf8')).files)).map(([size]) => size);
  return {
    manifest: crypto.createHash('sha256').update(text).digest('hex'),
    files: sizes.length,
    bytes: sizes.reduce((sum, size) => sum + size, 0),
  };
}

/** Packages name a page: the repository that builds them, or the one that is set. */
function homepage({ DJDESK_HOMEPAGE, GITHUB_SERVER_URL, GITHUB_REPOSITORY } = process.env) {
  if (DJDESK_HOMEPAGE) return DJDESK_HOMEPAGE;
  return GITHUB_REPOSITORY ? `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}` : 'https://example.org/djdesk';
}

const manifest = () => JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8'));

/**
 * @param {string} name
 * @param {object} value
 */
const write = (name, value) => fs.writeFileSync(path.join(OUT, name), `${JSON.stringify(value, null, 2)}\n`);

if (process.argv[1] && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  process.stdout.write(`${await bundle({ legacy: process.argv.includes('--legacy') })}\n`);
}
