/** `npm start`: set up the checkout if needed, then start its app as users would. */
import { ensureEnvironment, PYTHON } from './setup/environment.js';
import { ensureNodeModules } from './setup/node-modules.js';
import { inRoot } from './setup/paths.js';
import { ensureStaticFiles } from './setup/static-files.js';
import { writePlan } from './setup/write-plan.js';
import { fail } from '../src/djdesk/tools/node/setup/say.js';

try {
  await ensureNodeModules();
  await ensureEnvironment('app');
  await ensureStaticFiles();
  process.env.DJDESK_PLAN = await writePlan(inRoot('inspector'));
  process.env.DJDESK_PYTHON ||= PYTHON;
  await import('../src/djdesk/tools/node/start.js');
} catch (error) {
  fail(error);
}
