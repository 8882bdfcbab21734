import fs from 'node:fs';
import path from 'node:path';

import { PYTHON } from './environment.js';
import { digest, readStamp, writeStamp } from '../../src/djdesk/tools/node/setup/stamp.js';
import { inRoot, ROOT } from './paths.js';
import { lastWords, run } from '../../src/djdesk/tools/node/setup/run.js';
import { SetupProblem, step } from '../../src/djdesk/tools/node/setup/say.js';

/** Folders that Django's app finder looks into, as long as apps live in these two places. */
const SOURCES = ['src', 'inspector'];

/** Hashed and compressed static files in build/static, made anew when a source changed. */
export async function ensureStaticFiles() {
  const wanted = digest(ROOT, ...SOURCES.flatMap((folder) => staticFiles(inRoot(folder), false)));
  const stamp = inRoot('build', 'static-files');
  if (readStamp(stamp) === wanted && fs.existsSync(inRoot('build', 'static', 'staticfiles.json'))) return;
  await step('making the static files', async () => {
    const result = await run(PYTHON, ['-I', '-X', 'utf8', '-m', 'django', 'collectstatic', '--noinput', '--clear', '--verbosity', '0'], {
      cwd: ROOT,
      env: {
        ...process.env,
        DJANGO_SETTINGS_MODULE: 'djdesk.settings.desktop',
        // The command loads the settings, and those want a data folder; the user's is not theirs.
        DJDESK_DATA_DIR: inRoot('build', 'setup-data'),
      },
    });
    if (result.code !== 0) {
      throw new SetupProblem(
        'The static files could not be made (collectstatic).',
        'If you changed a template, style sheet or script, the message below names the place.',
        lastWords(result),
      );
    }
  });
  writeStamp(stamp, wanted);
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
    if (entry.isDirectory()) return entry.name === '__pycache__' ? [] : staticFiles(file, inside || entry.name === 'static');
    if (!inside) return [];
    const { size, mtimeMs } = fs.statSync(file);
    return [`${path.relative(ROOT, file)} ${size} ${mtimeMs}`];
  });
}
