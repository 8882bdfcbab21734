// Rebuilds the libraries that pages load from our own server, from the versions in the lock file:
//   npm ci && node scripts/vendor.js          writes inspector/static/inspector/vendor/
//   node scripts/vendor.js --check            fails when what is committed differs
// Pages are never bundled; a library that comes as several packages becomes one file here, with the
// licence texts of everything inside it next to it.
import { readFile, writeFile, mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const target = join(root, 'inspector', 'static', 'inspector', 'vendor');

/** @type {{file: string, entry: string, packages: string[]}[]} */
const LIBRARIES = [
  { file: 'd3-force', entry: 'd3-force', packages: ['d3-force', 'd3-quadtree', 'd3-dispatch', 'd3-timer'] },
];

/**
 * Folder of an installed package. Looks where npm puts it, or in `DJDESK_VENDOR_FROM`.
 * @param {string} name
 */
function packageFolder(name) {
  const base = process.env.DJDESK_VENDOR_FROM || root;
  const require = createRequire(join(base, 'package.json'));
  for (const folder of require.resolve.paths(name) || []) {
    try {
      return dirname(require.resolve(join(folder, name, 'package.json')));
    } catch {
      // not in this node_modules; the next one up may have it
    }
  }
  throw new Error(`${name} is not installed. Run: npm ci`);
}

/**
 * @param {typeof LIBRARIES[number]} library
 * @returns {Promise<Record<string, string>>} file name → text
 */
async function make(library) {
  const licences = [];
  const versions = [];
  for (const name of library.packages) {
    const folder = packageFolder(name);
    const { version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    versions.push(`${name} ${version}`);
    licences.push(`${name} ${version} (${license})\n\n${(await readFile(join(folder, 'LICENSE'), 'utf8')).trim()}\n`);
  }
  const entry = packageFolder(library.entry);
  const result = await build({
    stdin: { contents: `export * from '${library.entry}';`, resolveDir: dirname(entry) },
    bundle: true,
    format: 'esm',
    target: 'es2020',
    charset: 'utf8',
    legalComments: 'none',
    write: false,
    banner: { js: `// @ts-nocheck\n// ${versions.join(', ')}; licences in ${library.file}.LICENSE.txt. Made by scripts/vendor.js.` },
  });
  return {
    [`${library.file}.js`]: result.outputFiles[0].text.replace(/^\/\/ .*node_modules\/.*\n/gm, ''),
    [`${library.file}.LICENSE.txt`]: licences.join('\n----\n\n'),
  };
}

const check = process.argv.includes('--check');
await mkdir(target, { recursive: true });
let stale = 0;
for (const library of LIBRARIES) {
  for (const [name, text] of Object.entries(await make(library))) {
    const path = join(target, name);
    const now = await readFile(path, 'utf8').catch(() => '');
    if (now === text) continue;
    stale += 1;
    if (check) console.error(`${name} differs from what scripts/vendor.js makes`);
    else await writeFile(path, text);
  }
}
if (!check) console.log(stale ? `${stale} file(s) written` : 'up to date');
process.exitCode = check && stale ? 1 : 0;
