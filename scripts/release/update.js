/**
 * Updates an installed app to the next version, and to a broken one, as its users would: with the installers
 * of this system, from a folder, by the shipped guardian.
 *
 *   node scripts/release/update.js FOLDER [--only KIND,KIND]
 *
 * The app is that of the runtime's own tests. Two versions of it are packaged into FOLDER unless they exist.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { expectedArtefacts } from '../../src/djdesk/tools/node/release/artefacts.js';
import { writeFeed } from '../../src/djdesk/tools/node/release/feed.js';
import { makeKey, privateKey, publicPart } from '../../src/djdesk/tools/node/release/keys.js';
import { ensureEnvironment, PYTHON } from '../setup/environment.js';
import { inRoot, ROOT } from '../setup/paths.js';
import { ask } from '../setup/python.js';
import { findUv } from '../setup/uv.js';
import { bareEnvironment, virtualDisplay } from './drive.js';
import { INSTALLERS } from './installers.js';

/** The self-updating kinds, with electron-builder's targets for them. */
const KINDS = /** @type {Record<string, Record<string, string>>} */ ({
  linux: { AppImage: 'AppImage', 'tar.gz': 'tar.gz' }, darwin: { zip: 'zip' }, win32: { nsis: 'nsis', portable: 'portable' },
})[process.platform] ?? {};
/** From the restart to the end of an update: a slow start, a rehearsal, the trial. */
const LIMIT_MS = 10 * 60 * 1000;
/** A page of the new version that fails on request (scripts/bench/updating/versions.py). */
const FAULT = { PARITY_FAULT: 'page' };
const SOURCES = 'import sys; from pathlib import Path; sys.path.insert(0, "scripts"); from bench.updating.versions import sources; print(*sources(Path(sys.argv[1])), sep="\\n")';

const words = process.argv.slice(2);
const option = (/** @type {string} */ name) => (words.includes(name) ? words.splice(words.indexOf(name), 2)[1] : null);
const only = option('--only')?.split(',');
const kinds = Object.keys(KINDS).filter((kind) => !only || only.includes(kind));
const folder = path.resolve(words[0]);
const app = { name: 'Parity', slug: 'parity', id: 'org.example.parity' };
const flags = process.getuid?.() === 0 ? ['--no-sandbox', '--disable-gpu'] : [];
// As in smoke.js: no Windows short names.
const top = fs.realpathSync.native(fs.mkdtempSync(path.join(os.tmpdir(), 'update é ')));

/** @param {unknown} condition @param {string} what */
function must(condition, what) {
  if (!condition) throw new Error(`NOT SO: ${what}`);
  console.log(`  ok: ${what}`);
}

/** Two versions with one key, and their names. */
async function build() {
  const keyFile = path.join(folder, 'update.pem');
  const done = path.join(folder, 'versions');
  if (!fs.existsSync(done)) {
    await ensureEnvironment('app');
    const uv = await findUv(await ask({ command: PYTHON, args: [] }));
    fs.rmSync(folder, { recursive: true, force: true });
    fs.mkdirSync(folder, { recursive: true });
    const key = makeKey(keyFile);
    const versions = execFileSync(PYTHON, ['-c', SOURCES, folder], { cwd: ROOT, encoding: 'utf8' }).trim().split(/\r?\n/);
    for (const version of versions) {
      console.log(`packaging ${version} …`);
      const source = path.join(folder, `app-${version}`);
      fs.appendFileSync(path.join(source, 'pyproject.toml'), `\n[tool.djdesk.update]\nkeys = ["${key}"]\n`);
      execFileSync(PYTHON, ['-I', '-X', 'utf8', '-m', 'djdesk.cli', 'package', '--app', source, '--uv', uv, '--requirements', inRoot('requirements', 'runtime.txt'), '--targets', kinds.map((kind) => KINDS[kind]).join(',')], {
        cwd: ROOT, stdio: ['ignore', 2, 2], env: { ...process.env, DJDESK_DIST: path.join(folder, version), DJDESK_COMPRESSION: 'store' },
      });
    }
    fs.writeFileSync(done, versions.join('\n'));
  }
  const [from, to] = fs.readFileSync(done, 'utf8').split('\n');
  return { from, to, key: /** @type {import('node:crypto').KeyObject} */ (privateKey(keyFile, {})) };
}

/** @param {string} version @param {string} kind */
const artefact = (version, kind) => path.join(folder, version, /** @type {{name: string}} */ (expectedArtefacts({ ...app, version }).find((one) => one.kind === kind)).name);

/**
 * @param {string} kind
 * @param {{from: string, to: string, feed: string, display: string | undefined, fails: boolean}} how
 */
async function update(kind, { from, to, feed, display, fails }) {
  console.log(`\n${kind}: ${from} to ${to}${fails ? ', which does not work' : ''}`);
  const place = path.join(top, `${kind}${fails ? ' fails' : ''}`);
  const home = `${place} home`;
  for (const one of [place, home]) fs.mkdirSync(one);
  const data = path.join(home, 'data');
  const user = bareEnvironment({ home, display });
  const { program, env = {} } = INSTALLERS[kind](artefact(from, kind), place, user, app);
  const own = [...flags, `--data-dir=${data}`];
  const environment = { ...user, ...env, ...(flags.length ? { ELECTRON_DISABLE_SANDBOX: '1' } : {}), ...(fails ? FAULT : {}) };
  const journal = () => {
    try {
      return JSON.parse(fs.readFileSync(path.join(data, 'updates', 'update.json'), 'utf8'));
    } catch {
      return { state: '' };
    }
  };
  const log = (/** @type {string} */ name) => (fs.existsSync(path.join(data, 'logs', name)) ? fs.readFileSync(path.join(data, 'logs', name), 'utf8').slice(-4000) : '');
  const within = async (/** @type {() => boolean} */ condition) => {
    for (const begun = Date.now(); !condition();) {
      if (Date.now() - begun > LIMIT_MS) {
        console.error(`${JSON.stringify(journal(), null, 1)}\n${log('shell.log')}\n${log('guardian.log')}`);
        return false;
      }
      await new Promise((resolve) => { setTimeout(resolve, 200); });
    }
    return true;
  };
  const quit = () => spawnSync(program, [...own, '--quit'], { env: environment, timeout: 60000 }).status === 0;
  // One start without an update, so that there are data to keep.
  spawn(program, own, { env: environment, stdio: 'ignore', detached: true }).unref();
  must(await within(() => /listening on/.test(log('server.log'))), `${from} starts`);
  must(quit(), 'it ends');

  spawn(program, [...own, `--update-folder=${feed}`], { env: environment, stdio: 'ignore', detached: true }).unref();
  const wanted = fails ? 'rolled_back' : 'confirmed';
  must(await within(() => ['confirmed', 'rolled_back', 'refused'].includes(journal().state)), 'it comes to an end');
  must(journal().state === wanted, `${wanted}: ${journal().reason || 'no complaint'}`);
  must(await within(() => log('guardian.log').includes('start the app')), 'the app is started again');
  const running = fails ? from : to;
  must(await within(() => JSON.parse(fs.readFileSync(path.join(data, 'data.json'), 'utf8')).version === running), `the data is that of ${running}`);
  must(quit(), 'and it ends');
}

const screen = process.platform === 'linux' && !process.env.DISPLAY ? await virtualDisplay() : null;
try {
  const { from, to, key } = await build();
  const feed = path.join(folder, 'feed');
  fs.rmSync(feed, { recursive: true, force: true });
  fs.mkdirSync(feed);
  for (const kind of kinds) fs.copyFileSync(artefact(to, kind), path.join(feed, path.basename(artefact(to, kind))));
  await writeFeed({ app: { id: app.id, version: to, update: { keys: [publicPart(key)] } }, folder: feed, key });
  const display = screen?.display ?? process.env.DISPLAY;
  for (const kind of kinds) {
    for (const fails of [false, true]) await update(kind, { from, to, feed, display, fails });
  }
  console.log(`\n${kinds.length} kinds of installation updated, and brought back from a version that does not work`);
} finally {
  screen?.end();
  fs.rmSync(top, { recursive: true, force: true, maxRetries: 10 });
}
