/**
 * Bundles the shell's sources into a folder that runs without node_modules: one file per process, plus lazily
 * loaded ones, in the layout of the sources, because paths.js finds the pages relative to itself. The wheel
 * contains such a folder; an ejected app gets one at every start.
 *
 *   node shell.js FROM OUT [MODULES]     folders that hold electron/; MODULES holds node_modules
 */
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

import { fail } from './setup/say.js';

/** Names of the bundled npm packages. */
export const BUNDLED = 'bundled.json';

/**
 * import() creates a separate chunk: half of the main process is for updates and must not slow the start. CommonJS
 * packages load Node's modules with require(), which an ES module lacks.
 */
export const LATER = /** @type {const} */ ({
  splitting: true,
  chunkNames: 'later-[name]-[hash]',
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
});

/**
 * The npm packages that files belong to.
 * @param {string[]} inputs
 */
export const packagesOf = (inputs) =>
  [...new Set(inputs.flatMap((file) => /^.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? []))].sort();

/**
 * @param {string} from
 * @param {string} out
 * @param {string} [modules] where to look for packages, besides the sources' parent folders
 */
export async function makeShell(from, out, modules) {
  fs.rmSync(out, { recursive: true, force: true });
  const esm = /** @type {const} */ ({ format: 'esm', target: 'node20', ...LATER });
  const cjs = /** @type {const} */ ({ format: 'cjs', target: 'chrome130' });
  const inputs = [];
  for (const [entry, how] of /** @type {const} */ ([['main.js', esm], ['browser.js', esm], ['bridge/preload.cjs', cjs]])) {
    const { metafile } = await build({
      ...how,
      entryPoints: [path.join(from, 'electron', entry)],
      outdir: path.join(out, 'electron'),
      entryNames: entry.replace(/\.c?js$/, ''),
      outExtension: { '.js': path.extname(entry) },
      bundle: true,
      platform: 'node',
      external: ['electron'],
      nodePaths: modules ? [path.join(modules, 'node_modules')] : [],
      logLevel: 'warning',
      legalComments: 'inline',
      metafile: true,
    });
    inputs.push(...Object.keys(metafile.inputs));
  }
  const electron = path.join(from, 'electron');
  fs.cpSync(path.join(electron, 'pages'), path.join(out, 'electron', 'pages'), { recursive: true });
  for (const name of fs.readdirSync(electron).filter((file) => /\.(png|svg|ico)$/.test(file))) {
    fs.copyFileSync(path.join(electron, name), path.join(out, 'electron', name));
  }
  fs.writeFileSync(path.join(out, BUNDLED), `${JSON.stringify(packagesOf(inputs))}\n`);
  fs.writeFileSync(path.join(out, 'package.json'), `${JSON.stringify({ type: 'module', main: 'electron/main.js' })}\n`);
}

if (process.argv[1] && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const [from, out, modules] = process.argv.slice(2);
  makeShell(path.resolve(from), path.resolve(out), modules).catch(fail);
}
