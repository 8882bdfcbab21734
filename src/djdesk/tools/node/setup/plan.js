import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Where everything lies that these tools read and write. `djdesk` (Python) knows it and hands it over
 * as a JSON file named in DJDESK_PLAN; src/djdesk/tools/plan.py makes it.
 * @typedef {object} Plan
 * @property {string} root the app's project folder
 * @property {string} app its rendered app.json
 * @property {string} shell folder that holds electron/
 * @property {boolean} sources whether that is the sources of the shell, which packaging bundles
 * @property {string} assets folder of what packages need besides: scripts, entitlements
 * @property {string} lock folder of package.json and package-lock.json
 * @property {string | null} modules folder that holds node_modules; null: the cache of all apps
 * @property {string} stage folder for what is made on the way
 * @property {string} dist folder for what is made in the end
 * @property {string} python the interpreter of the app's environment
 */

/**
 * The plan of this run; without one, that of a checkout of djdesk.
 * @returns {Plan}
 */
export function readPlan(env = process.env) {
  if (env.DJDESK_PLAN) return JSON.parse(fs.readFileSync(env.DJDESK_PLAN, 'utf8'));
  const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..', '..', '..', '..');
  const windows = process.platform === 'win32';
  return {
    root, app: path.join(root, 'inspector', '.djdesk', 'app.json'), shell: root, sources: true, assets: path.join(root, 'packaging'), lock: root, modules: root,
    stage: path.join(root, 'inspector', '.djdesk', 'stage'),
    dist: path.resolve(root, env.DJDESK_DIST || 'dist'),
    python: path.join(root, '.venv', ...(windows ? ['Scripts', 'python.exe'] : ['bin', 'python'])),
  };
}
