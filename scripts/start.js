/**
 * `npm start`: set the checkout up if it needs it, then start the app.
 */
import { ensureEnvironment } from './setup/environment.js';
import { ensureNodeModules } from './setup/node-modules.js';
import { ensureStaticFiles } from './setup/static-files.js';
import { fail } from '../src/djdesk/tools/node/setup/say.js';

try {
  await ensureNodeModules();
  await ensureEnvironment('app');
  await ensureStaticFiles();
  await import('../src/djdesk/tools/node/start.js');
} catch (error) {
  fail(error);
}
