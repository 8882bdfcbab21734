/** How each artefact is installed on its system, as its users would. */
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

import { programOf } from '../../src/djdesk/tools/node/package/names.js';

/**
 * @typedef {object} Installed
 * @property {string} program the executable to start
 * @property {string} folder the app's folder; no program in it may still run afterwards
 * @property {() => void} remove
 * @property {Record<string, string>} [env]
 * @property {(link: string, env: Record<string, string>) => void} [follow] opens a link as the system does, if a handler was registered
 * @property {boolean} [closes] removing it ends the running app
 *
 * @typedef {{name: string, slug: string}} App
 *
 * @typedef {(file: string, place: string, env: Record<string, string>, app: App) => Installed} Install
 *     `place`: a fresh folder below a path with a space and an accent; `env`: of the installing user
 */

/**
 * @param {string} command
 * @param {string[]} args
 * @param {Record<string, string>} [env]
 */
const run = (command, args, env) => {
  execFileSync(command, args, { stdio: ['ignore', 2, 2], timeout: 10 * 60 * 1000, ...(env ? { env } : {}) });
};

/**
 * Windows: pass the arguments unquoted.
 * @param {string} command
 * @param {string[]} args
 * @param {Record<string, string>} env
 */
function runVerbatim(command, args, env) {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit', env, windowsVerbatimArguments: true, timeout: 10 * 60 * 1000 });
  if (error || status !== 0) throw error ?? new Error(`${path.basename(command)} ended with ${status}`);
}

/** `sudo` if needed and available. @param {string[]} words */
const asRoot = (...words) => (process.getuid?.() === 0 ? run(words[0], words.slice(1)) : run('sudo', ['-n', ...words]));

/**
 * As GNOME and most others do. Without a desktop, `xdg-open` cannot start a program below a folder with a
 * space.
 * @param {string} link @param {Record<string, string>} env
 */
const byDesktop = (link, env) => run('gio', ['open', link], env);

/** @type {Record<string, Install>} */
export const INSTALLERS = {
  AppImage: (file, place) => {
    const program = path.join(place, path.basename(file));
    fs.copyFileSync(file, program);
    fs.chmodSync(program, 0o755);
    // Works without FUSE, which many machines lack.
    return { program, folder: place, remove: () => fs.rmSync(program), env: { APPIMAGE_EXTRACT_AND_RUN: '1' } };
  },
  'tar.gz': (file, place, env, app) => {
    const unpacked = path.join(place, 'unpacked');
    const folder = path.join(place, 'in stallé');
    fs.mkdirSync(unpacked);
    run('tar', ['-xzf', file, '-C', unpacked, '--strip-components=1']);
    run(path.join(unpacked, 'install.sh'), [folder], env);
    return { program: path.join(folder, programOf(app)), folder, remove: () => run(path.join(folder, 'uninstall.sh'), ['--yes'], env), follow: byDesktop, closes: true };
  },
  deb: (file, _place, _env, app) => {
    asRoot('dpkg', '-i', file);
    return { program: `/usr/bin/${programOf(app)}`, folder: `/opt/${app.name}`, remove: () => asRoot('dpkg', '-r', app.slug), follow: byDesktop, closes: true };
  },
  dmg: (file, place, _env, { name }) => {
    const mount = path.join(place, 'mount');
    run('hdiutil', ['attach', file, '-nobrowse', '-readonly', '-mountpoint', mount]);
    const app = path.join(place, `${name}.app`);
    try {
      run('ditto', [path.join(mount, `${name}.app`), app]);
    } finally {
      run('hdiutil', ['detach', mount]);
    }
    return macApp(app, name);
  },
  zip: (file, place, _env, { name }) => {
    run('ditto', ['-x', '-k', file, place]);
    return macApp(path.join(place, `${name}.app`), name);
  },
  nsis: (file, place, env, { name }) => {
    const folder = path.join(place, name);
    // NSIS takes the rest of the line for /D, without quotes: Node must not add any.
    runVerbatim(file, ['/S', `/D=${folder}`], env);
    return {
      program: path.join(folder, `${name}.exe`),
      folder,
      remove: () => runVerbatim(path.join(folder, `Uninstall ${name}.exe`), ['/S', `_?=${folder}`], env),
      follow: (link, user) => run('cmd.exe', ['/d', '/c', 'start', '', link], user),
      closes: true,
    };
  },
  portable: (file, place) => {
    const program = path.join(place, path.basename(file));
    fs.copyFileSync(file, program);
    return { program, folder: place, remove: () => fs.rmSync(program) };
  },
};

/** @param {string} app @param {string} name */
function macApp(app, name) {
  run('codesign', ['--verify', '--deep', '--strict', app]);
  return {
    program: path.join(app, 'Contents', 'MacOS', name),
    folder: app,
    remove: () => fs.rmSync(app, { recursive: true }),
    // This copy, of those known to Launch Services, which refuses an app that does not declare the scheme.
    follow: (/** @type {string} */ link) => run('open', ['-a', app, link]),
  };
}
