/**
 * `npm run wheel`: dist/djdesk-<version>-py3-none-any.whl, everything that an app's developer installs.
 *
 * It is built from a separate tree, build/wheel: the package, including the bundled shell (djdesk/shell) and
 * the files for packaging (djdesk/tools/assets).
 */
import fs from 'node:fs';
import path from 'node:path';

import { makeShell } from '../src/djdesk/tools/node/shell.js';
import { run, lastWords } from '../src/djdesk/tools/node/setup/run.js';
import { fail, SetupProblem, step } from '../src/djdesk/tools/node/setup/say.js';
import { ensureEnvironment, PYTHON } from './setup/environment.js';
import { ensureNodeModules } from './setup/node-modules.js';
import { inRoot, ROOT } from './setup/paths.js';
import { partOfLock } from './wheel/npm-lock.js';

const TREE = inRoot('build', 'wheel');
/** The npm packages that an app's developer needs; versions come from the checkout's lock. */
const NEEDED = ['@electron/asar', '@electron/fuses', '@resvg/resvg-wasm', 'electron', 'electron-builder', 'electron-updater', 'esbuild', 'get-port'];

async function main() {
  await ensureNodeModules();
  await ensureEnvironment('app');
  const out = path.resolve(ROOT, process.argv[2] || 'dist');
  await step('making the wheel', async () => {
    fs.rmSync(TREE, { recursive: true, force: true });
    copyPackage();
    await makeShell(ROOT, path.join(TREE, 'djdesk', 'shell'));
    copyAssets(path.join(TREE, 'djdesk', 'tools', 'assets'));
    const result = await run(PYTHON, ['-m', 'hatchling', 'build', '--target', 'wheel', '--directory', out], { cwd: TREE });
    if (result.code !== 0) throw new SetupProblem('The wheel could not be built.', 'The lines below name the cause.', lastWords(result));
    process.stdout.write(`${path.join(out, `djdesk-${manifest().version}-py3-none-any.whl`)}\n`);
  });
}

function copyPackage() {
  fs.cpSync(inRoot('src', 'djdesk'), path.join(TREE, 'djdesk'), {
    recursive: true,
    filter: (file) => !/(^__pycache__|\.pyc|\.po)$/.test(path.basename(file)),
  });
  for (const name of ['README.md', 'LICENSE']) fs.copyFileSync(inRoot(name), path.join(TREE, name));
  const text = fs.readFileSync(inRoot('pyproject.toml'), 'utf8')
    .replace(/^packages = .*$/m, 'packages = ["djdesk"]')
    // The tree is in a folder that git ignores.
    .replace(/^\[tool\.hatch\.build\]$/m, '[tool.hatch.build]\nignore-vcs = true');
  fs.writeFileSync(path.join(TREE, 'pyproject.toml'), text);
}

/** @param {string} out */
function copyAssets(out) {
  fs.cpSync(inRoot('packaging'), path.join(out, 'packaging'), { recursive: true });
  // For djdesk eject.
  fs.cpSync(inRoot('electron'), path.join(out, 'electron'), { recursive: true });
  fs.copyFileSync(inRoot('LICENSE'), path.join(out, 'LICENSE'));
  fs.copyFileSync(inRoot('CHANGELOG.md'), path.join(out, 'CHANGELOG.md'));
  const { dependencies, devDependencies, version } = manifest();
  const { packageJson, lock } = partOfLock(
    JSON.parse(fs.readFileSync(inRoot('package-lock.json'), 'utf8')),
    { name: 'djdesk-tools', version, wanted: NEEDED, versions: { ...dependencies, ...devDependencies } },
  );
  writeJson(path.join(out, 'npm', 'package.json'), packageJson);
  writeJson(path.join(out, 'npm', 'package-lock.json'), lock);
}

const manifest = () => JSON.parse(fs.readFileSync(inRoot('package.json'), 'utf8'));

/**
 * @param {string} file
 * @param {object} value
 */
function writeJson(file, value) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
}

main().catch(fail);
