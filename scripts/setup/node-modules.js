import { contents, digest, readStamp, writeStamp } from '../../src/djdesk/tools/node/setup/stamp.js';
import { inRoot, ROOT, WINDOWS } from './paths.js';
import { lastWords, run } from '../../src/djdesk/tools/node/setup/run.js';
import { SetupProblem, step } from '../../src/djdesk/tools/node/setup/say.js';

/** Installs node_modules according to the lock. */
export async function ensureNodeModules() {
  const wanted = digest(contents(inRoot('package-lock.json')));
  const stamp = inRoot('node_modules', '.djdesk-setup');
  if (readStamp(stamp) === wanted) return;
  await step('installing the JavaScript packages', async () => {
    // The npm that runs this script; else the one on PATH.
    const npm = process.env.npm_execpath?.endsWith('.js')
      ? { command: process.execPath, args: [process.env.npm_execpath] }
      : { command: WINDOWS ? 'npm.cmd' : 'npm', args: [] };
    const result = await run(npm.command, [...npm.args, 'ci', '--loglevel=error', '--no-audit', '--no-fund'], { cwd: ROOT });
    if (result.code !== 0) {
      throw new SetupProblem(
        'The JavaScript packages could not be installed (npm ci).',
        'Check the network and the free space on the disk, then run the command again.',
        lastWords(result),
      );
    }
  });
  writeStamp(stamp, wanted);
}
