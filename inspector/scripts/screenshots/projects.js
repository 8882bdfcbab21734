/**
 * The three projects for screenshots, created in a folder with a short, neutral name,
 * because pictures show it.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { PYTHON } from '../../../tests/e2e/support/app.js';
import { inRoot } from '../../../scripts/setup/paths.js';

const NAME = path.join(fs.realpathSync(os.tmpdir()), 'projects');
const MARK = '.djdesk-screenshots'; // marks the folder as ours
const LARGE = 300; // models
const folder = ownFolder();
/** A folder that contains no project. */
export const NO_PROJECT = path.join(folder, 'letters');

/** The first of `projects`, `projects-2`, … that no other run uses. @returns {string} */
function ownFolder() {
  for (let count = 1; ; count += 1) {
    const tried = count === 1 ? NAME : `${NAME}-${count}`;
    if (isLeft(tried)) fs.rmSync(tried, { recursive: true, force: true });
    try {
      fs.mkdirSync(tried);
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
      continue;
    }
    fs.writeFileSync(path.join(tried, MARK), String(process.pid));
    return tried;
  }
}

/** Whether a finished run left this folder. @param {string} tried @returns {boolean} */
function isLeft(tried) {
  const mark = path.join(tried, MARK);
  if (!fs.existsSync(mark)) return false;
  try {
    process.kill(Number(fs.readFileSync(mark, 'utf8')) || 2 ** 30, 0);
    return false;
  } catch {
    return true;
  }
}

/** @typedef {{size: 'empty' | 'small' | 'large', root: string}} Project */

/** @returns {Project[]} */
export function makeProjects() {
  fs.mkdirSync(NO_PROJECT);
  fs.writeFileSync(path.join(NO_PROJECT, 'letter.txt'), 'Dear reader,\n');
  const empty = path.join(folder, 'fresh');
  fs.mkdirSync(empty);
  python('-m', 'django', 'startproject', 'fresh', empty);
  const small = path.join(folder, 'spokes');
  fs.cpSync(inRoot('inspector', 'inspector', 'sample', 'spokes'), small, { recursive: true });
  translate(path.join(small, 'workshop', 'locale'));
  const large = path.join(folder, 'warehouse');
  python('-c', 'import pathlib, sys; from scripts.bench.generate import generate; generate(pathlib.Path(sys.argv[1]), int(sys.argv[2]))', large, String(LARGE));
  for (const root of [empty, small, large]) environment(root);
  return [{ size: 'empty', root: empty }, { size: 'small', root: small }, { size: 'large', root: large }];
}

export function removeProjects() {
  fs.rmSync(folder, { recursive: true, force: true });
}

const TEXTS = { de: { Job: 'Auftrag', Mechanic: 'Mechaniker', 'Due on': 'Fällig am' }, fr: { Job: 'Travail', Mechanic: '', 'Due on': '' } };

/** Create catalogues for two languages, one of them compiled. @param {string} folder */
function translate(folder) {
  for (const [language, texts] of Object.entries(TEXTS)) {
    const file = path.join(folder, language, 'LC_MESSAGES', 'django.po');
    fs.mkdirSync(path.dirname(file), { recursive: true });
    const entries = Object.entries({ '': 'Content-Type: text/plain; charset=UTF-8\\n', ...texts });
    fs.writeFileSync(file, entries.map(([id, text]) => `msgid "${id}"\nmsgstr "${text}"\n`).join('\n'));
  }
  python('-m', 'babel.messages.frontend', 'compile', '--directory', folder, '--locale', 'de', '--domain', 'django');
}

/** Create the project's own environment, with access to this checkout's packages. @param {string} root */
function environment(root) {
  const venv = path.join(root, '.venv');
  python('-m', 'venv', '--without-pip', venv);
  const where = python('-c', 'import sysconfig; print(sysconfig.get_path("purelib"))').trim();
  const lib = process.platform === 'win32' ? path.join(venv, 'Lib') : path.join(venv, 'lib', fs.readdirSync(path.join(venv, 'lib'))[0]);
  for (const name of fs.readdirSync(where)) {
    if (/^(django|asgiref|sqlparse)([-_.]|$)/i.test(name) && !/tasks|stubs/.test(name)) {
      fs.cpSync(path.join(where, name), path.join(lib, 'site-packages', name), { recursive: true });
    }
  }
}

/** @param {...string} argv @returns {string} */
function python(...argv) {
  const done = spawnSync(PYTHON, argv, { cwd: inRoot('inspector'), encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`python ${argv[0]} failed:\n${done.stderr}`);
  return done.stdout;
}
