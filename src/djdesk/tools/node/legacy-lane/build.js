/**
 * Bundles the shell for an old Electron (before 28: no ES modules in the main process). For development and
 * tests on machines that have only such a binary; never shipped.
 *
 *   node build.js SHELL OUT     prints the folder to start Electron with
 */
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

const HERE = path.dirname(fileURLToPath(import.meta.url));
const SHIM = path.join(HERE, 'shim');

/**
 * Redirects imports of a module to its shim, except those of the shim itself.
 * @param {Record<string, string>} modules name to file in shim/
 * @returns {import('esbuild').Plugin}
 */
const standIns = (modules) => ({
  name: 'stand-ins',
  setup({ onResolve }) {
    onResolve({ filter: /^[a-z:/_]+$/ }, ({ path: wanted, importer }) => {
      const name = wanted.replace(/^node:/, '');
      if (!(name in modules)) return undefined;
      if (path.dirname(importer) === SHIM) return { path: name, external: true };
      return { path: path.join(SHIM, modules[name]) };
    });
  },
});

/**
 * @param {string} shell folder that holds electron/ and package.json
 * @param {string} out folder
 * @param {{packaged?: boolean}} [options] `packaged`: the folder will be moved afterwards
 * @returns {Promise<string>} the folder, absolute
 */
export async function buildLegacy(shell, out, { packaged = false } = {}) {
  const folder = path.resolve(out);
  fs.mkdirSync(folder, { recursive: true });
  /** @type {import('esbuild').BuildOptions} */
  const common = { bundle: true, format: 'cjs', platform: 'node', sourcemap: packaged ? false : 'inline', logLevel: 'warning' };
  await build({
    ...common,
    entryPoints: [path.join(shell, 'electron', 'main.js')],
    outfile: path.join(folder, 'main.cjs'),
    target: 'node16.17',
    inject: [path.join(SHIM, 'globals.cjs')],
    // Its final location is known only at run time.
    banner: { js: "const legacyUrl = require('url').pathToFileURL(__filename).href, legacyRoot = __dirname, legacyPreload = require('path').join(__dirname, 'preload.cjs');" },
    define: {
      'import.meta.url': 'legacyUrl',
      DJDESK_ROOT: packaged ? 'legacyRoot' : JSON.stringify(path.resolve(shell)),
      DJDESK_PRELOAD: packaged ? 'legacyPreload' : JSON.stringify(path.join(folder, 'preload.cjs')),
    },
    plugins: [standIns({ electron: 'electron-main.cjs' })],
  });
  await build({
    ...common,
    entryPoints: [path.join(shell, 'electron', 'bridge', 'preload.cjs')],
    outfile: path.join(folder, 'preload.cjs'),
    target: 'chrome108',
    plugins: [standIns({ electron: 'electron-preload.cjs' })],
  });
  const manifest = JSON.parse(fs.readFileSync(path.join(shell, 'package.json'), 'utf8'));
  const { name, productName, version } = manifest;
  fs.writeFileSync(
    path.join(folder, 'package.json'),
    `${JSON.stringify({ name, productName, version, main: 'main.cjs' }, null, 2)}\n`,
  );
  return folder;
}

if (process.argv[1] && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  process.stdout.write(`${await buildLegacy(process.argv[2], process.argv[3])}\n`);
}
