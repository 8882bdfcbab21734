/**
 * Bundles the shell for packaging: main process and preload become one file each, in app/ of the stage, which
 * is laid out like the checkout. The shipped archive then holds few files and no node_modules.
 *
 *   node bundle.js [--legacy]    prints the folder
 */
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

import { buildLegacy } from './legacy-lane/build.js';
import { domainOf, packageVersion, programOf, readPackagedApp } from './package/names.js';
import { describeBackend } from './package/sign-backend.js';
import { BUNDLED, LATER, packagesOf } from './shell.js';
import { readPlan } from './setup/plan.js';

/**
 * @param {{legacy?: boolean, plan?: import('./setup/plan.js').Plan, backend?: string}} [options] `legacy`: for an Electron without ES modules
 * @returns {Promise<string>} the folder
 */
export async function bundle({ legacy = false, plan = readPlan(), backend = path.join(plan.stage, 'backend') } = {}) {
  const out = path.join(plan.stage, 'app');
  fs.rmSync(out, { recursive: true, force: true });
  fs.mkdirSync(out, { recursive: true });
  const packages = new Set(legacy ? Object.keys(manifest(plan).dependencies ?? {}) : await bundleModern(plan, out));
  // A shell from the wheel lists the packages bundled into it.
  const before = path.join(plan.shell, BUNDLED);
  if (fs.existsSync(before)) for (const name of JSON.parse(fs.readFileSync(before, 'utf8'))) packages.add(name);
  const main = legacy ? await buildLegacy(plan.shell, out, { packaged: true }) && 'main.cjs' : 'electron/main.js';
  // Used for the licence list.
  fs.writeFileSync(path.join(plan.stage, 'bundled.json'), `${JSON.stringify([...packages], null, 2)}\n`);
  // Files that the code reads by path (paths.js), beside the bundle as beside the sources.
  const electron = path.join(plan.shell, 'electron');
  for (const name of fs.readdirSync(electron).filter((entry) => /\.(png|svg|ico)$/.test(entry))) {
    fs.mkdirSync(path.join(out, 'electron'), { recursive: true });
    fs.copyFileSync(path.join(electron, name), path.join(out, 'electron', name));
  }
  fs.cpSync(path.join(electron, 'pages'), path.join(out, 'electron', 'pages'), { recursive: true });
  const about = readPackagedApp(plan.app);
  const write = (/** @type {string} */ file, /** @type {object} */ value) => fs.writeFileSync(path.join(out, file), `${JSON.stringify(value, null, 2)}\n`);
  write('package.json', {
    name: about.slug,
    productName: about.name,
    version: packageVersion(about.version),
    description: about.description || about.name,
    author: about.publisher || about.name,
    homepage: homepage(about),
    desktopName: `${programOf(about)}.desktop`,
    type: 'module',
    main,
  });
  write('backend.json', describeBackend(backend));
  stageApp(plan);
  return out;
}

/**
 * Stages app.json and the images it names for the package's resources.
 * @param {import('./setup/plan.js').Plan} plan
 */
function stageApp({ app: file, stage }) {
  const out = path.join(stage, 'resources');
  fs.rmSync(out, { recursive: true, force: true });
  fs.mkdirSync(out, { recursive: true });
  const app = { ...JSON.parse(fs.readFileSync(file, 'utf8')), root: 'backend/app' };
  app.windowIcon = 'window.png';
  fs.copyFileSync(path.join(stage, 'icons', 'png', '256x256.png'), path.join(out, app.windowIcon));
  if (app.icon) {
    const picture = path.resolve(path.dirname(file), app.icon);
    app.icon = `icon${path.extname(picture)}`;
    fs.copyFileSync(picture, path.join(out, app.icon));
  }
  fs.writeFileSync(path.join(out, 'app.json'), `${JSON.stringify(app, null, 2)}\n`);
}

/**
 * @param {import('./setup/plan.js').Plan} plan
 * @param {string} out
 * @returns {Promise<string[]>} names of the bundled npm packages
 */
async function bundleModern({ shell }, out) {
  /** @type {import('esbuild').BuildOptions} */
  const common = { bundle: true, platform: 'node', external: ['electron'], logLevel: 'warning', legalComments: 'inline', metafile: true };
  const main = await build({
    ...common,
    entryPoints: [path.join(shell, 'electron', 'main.js')],
    // paths.js finds the pages relative to this file: the layout matches the checkout's.
    outdir: path.join(out, 'electron'),
    format: 'esm',
    target: 'node22',
    ...LATER,
  });
  const preload = await build({
    ...common,
    entryPoints: [path.join(shell, 'electron', 'bridge', 'preload.cjs')],
    outfile: path.join(out, 'electron', 'bridge', 'preload.cjs'),
    format: 'cjs',
    target: 'chrome130',
  });
  const inputs = [main, preload].flatMap(({ metafile }) => Object.keys(metafile?.inputs ?? {}));
  return packagesOf(inputs);
}

/**
 * The homepage in the package: the configured one, the repository that builds it, or the publisher's domain.
 * @param {{id: string}} app
 */
function homepage(app, { DJDESK_HOMEPAGE, GITHUB_SERVER_URL, GITHUB_REPOSITORY } = process.env) {
  if (DJDESK_HOMEPAGE) return DJDESK_HOMEPAGE;
  return GITHUB_REPOSITORY ? `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}` : `https://${domainOf(app)}/`;
}

/** @param {import('./setup/plan.js').Plan} plan */
const manifest = ({ shell }) => JSON.parse(fs.readFileSync(path.join(shell, 'package.json'), 'utf8'));

if (process.argv[1] && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  process.stdout.write(`${await bundle({ legacy: process.argv.includes('--legacy') })}\n`);
}
