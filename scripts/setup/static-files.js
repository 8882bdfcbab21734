import fs from 'node:fs';
import path from 'node:path';

import { appEnvironment, apps } from './apps.js';
import { PYTHON } from './environment.js';
import { digest, readStamp, writeStamp } from '../../src/djdesk/tools/node/setup/stamp.js';
import { inRoot, ROOT } from './paths.js';
import { lastWords, run } from '../../src/djdesk/tools/node/setup/run.js';
import { SetupProblem, step } from '../../src/djdesk/tools/node/setup/say.js';

/** The hashed static files of each app in this repository, including the apps used by tests. */
export async function ensureStaticFiles() {
  for (const folder of [...apps(), ...apps(inRoot('tests', 'apps'))]) {
    if (!staticFilesStale(folder)) continue;
    await step('making the static files', () => makeStaticFiles(folder));
  }
}

/**
 * Whether a source changed since the static files in .djdesk/static were collected.
 * @param {string} folder of the app
 */
export function staticFilesStale(folder) {
  const { made, stamp } = places(folder);
  return readStamp(stamp) !== wanted(folder) || !fs.existsSync(path.join(made, 'static', 'staticfiles.json'));
}

/** @param {string} folder of the app */
export async function makeStaticFiles(folder) {
  const now = wanted(folder);
  await collect(folder);
  writeStamp(places(folder).stamp, now);
}

/** @param {string} folder */
function places(folder) {
  const made = path.join(folder, '.djdesk');
  return { made, stamp: path.join(made, 'static-files') };
}

/** @param {string} folder */
const wanted = (folder) => digest(ROOT, ...[inRoot('src'), folder].flatMap((source) => staticFiles(source, false)));

/** @param {string} folder */
async function collect(folder) {
  const result = await run(PYTHON, ['-I', '-X', 'utf8', '-m', 'django', 'collectstatic', '--noinput', '--clear', '--verbosity', '0'], {
    cwd: ROOT,
    // The command loads the settings, which need a data folder; it must not be the user's.
    env: { ...process.env, ...appEnvironment(folder, inRoot('build', 'setup-data', path.basename(folder))) },
  });
  if (result.code !== 0) {
    throw new SetupProblem(
      'The static files could not be made (collectstatic).',
      'If you changed a template, style sheet or script, the message below names the place.',
      lastWords(result),
    );
  }
}

/**
 * Name, size and time of every file below a folder called "static".
 * @param {string} folder
 * @param {boolean} inside
 * @returns {string[]}
 */
function staticFiles(folder, inside) {
  if (!fs.existsSync(folder)) return [];
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) return ['__pycache__', '.djdesk', 'node_modules'].includes(entry.name) ? [] : staticFiles(file, inside || entry.name === 'static');
    if (!inside) return [];
    const { size, mtimeMs } = fs.statSync(file);
    return [`${path.relative(ROOT, file)} ${size} ${mtimeMs}`];
  });
}
