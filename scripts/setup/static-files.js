import fs from 'node:fs';
import path from 'node:path';

import { appEnvironment, apps } from './apps.js';
import { PYTHON } from './environment.js';
import { digest, readStamp, writeStamp } from '../../src/djdesk/tools/node/setup/stamp.js';
import { inRoot, ROOT } from './paths.js';
import { lastWords, run } from '../../src/djdesk/tools/node/setup/run.js';
import { SetupProblem, step } from '../../src/djdesk/tools/node/setup/say.js';

/** Hashed static files of each app in its .djdesk/static, made anew when a source changed. */
export async function ensureStaticFiles() {
  // Those that tests start as well.
  for (const folder of [...apps(), ...apps(inRoot('tests', 'apps'))]) {
    const sources = [inRoot('src'), folder];
    const wanted = digest(ROOT, ...sources.flatMap((source) => staticFiles(source, false)));
    const made = path.join(folder, '.djdesk');
    const stamp = path.join(made, 'static-files');
    if (readStamp(stamp) === wanted && fs.existsSync(path.join(made, 'static', 'staticfiles.json'))) continue;
    await step('making the static files', () => collect(folder));
    writeStamp(stamp, wanted);
  }
}

/** @param {string} folder */
async function collect(folder) {
  const result = await run(PYTHON, ['-I', '-X', 'utf8', '-m', 'django', 'collectstatic', '--noinput', '--clear', '--verbosity', '0'], {
    cwd: ROOT,
    // The command loads the settings, and those want a data folder; the user's is not theirs.
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
