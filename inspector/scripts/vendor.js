// Rebuilds the vendored libraries of the pages from the versions in the lock file:
//   npm ci && node inspector/scripts/vendor.js          writes inspector/inspector/static/inspector/vendor/
//   node inspector/scripts/vendor.js --check            fails if the committed files differ
// Pages are never bundled. A library that consists of several packages becomes one file, with the
// licence texts of all its parts next to it.
import { readFile, writeFile, mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const target = join(root, 'inspector', 'static', 'inspector', 'vendor');

/**
 * `worker`: a file of the package that is copied unchanged, because a page loads it by URL;
 * `terms`: the chosen licence, and the note it requires.
 * @type {{file: string, entry: string, packages: string[], worker?: string, terms?: {license: string, note: string}}[]}
 */
const LIBRARIES = [
  { file: 'd3-force', entry: 'd3-force', packages: ['d3-force', 'd3-quadtree', 'd3-dispatch', 'd3-timer'] },
  {
    file: 'elk-worker',
    entry: 'elkjs',
    packages: ['elkjs'],
    worker: 'lib/elk-worker.min.js',
    terms: {
      license: 'EPL-2.0',
      note: 'Distributed in compiled form, unchanged. The source code is in the npm package of this name and version and, under the same licence, in the projects kieler/elkjs and eclipse-elk/elk on GitHub.',
    },
  },
];

/**
 * Folder of an installed package. Searches npm's folders, or `DJDESK_VENDOR_FROM`.
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
    const text = await readFile(join(folder, 'LICENSE'), 'utf8').catch(() => readFile(join(folder, 'LICENSE.md'), 'utf8'));
    licences.push(`${name} ${version} (${library.terms ? library.terms.license : license})\n\n${library.terms ? `${library.terms.note}\n\n` : ''}${text.trim()}\n`);
  }
  const entry = packageFolder(library.entry);
  const banner = `// ${versions.join(', ')}; licences in ${library.file}.LICENSE.txt. Made by scripts/vendor.js.`;
  if (library.worker) {
    return {
      [`${library.file}.js`]: `${banner}\n${await readFile(join(entry, library.worker), 'utf8')}`,
      [`${library.file}.LICENSE.txt`]: licences.join('\n----\n\n'),
    };
  }
  const result = await build({
    stdin: { contents: `export * from '${library.entry}';`, resolveDir: dirname(entry) },
    bundle: true,
    format: 'esm',
    target: 'es2020',
    charset: 'utf8',
    legalComments: 'none',
    write: false,
    banner: { js: `// @ts-nocheck\n${banner}` },
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
