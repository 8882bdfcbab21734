import fs from 'node:fs';
import path from 'node:path';

import { SetupProblem } from './say.js';

/**
 * All paths that these tools read and write. `djdesk` (Python) passes them as a JSON file named in
 * DJDESK_PLAN, written by src/djdesk/tools/plan.py.
 * @typedef {object} Plan
 * @property {string} root the app's project folder
 * @property {string} app its rendered app.json
 * @property {string} shell folder that holds electron/
 * @property {boolean} sources whether these are the shell's sources, which packaging bundles
 * @property {string} assets folder of further package files: scripts, entitlements
 * @property {string} lock folder of package.json and package-lock.json
 * @property {string | null} modules folder that holds node_modules; null: the shared cache
 * @property {string} stage folder for intermediate files
 * @property {string} dist folder for the results
 * @property {string} python the interpreter of the app's environment
 */

/**
 * The plan of this run: the one in DJDESK_PLAN, else that of the app in this folder.
 * @returns {Plan}
 */
export function readPlan(env = process.env, folder = process.cwd()) {
  const file = env.DJDESK_PLAN || path.join(folder, '.djdesk', 'plan.json');
  if (!fs.existsSync(file)) throw new SetupProblem(`There is no plan ${file}.`, 'The commands of djdesk write it: run them, or name a plan in DJDESK_PLAN.');
  return JSON.parse(fs.readFileSync(file, 'utf8'));
}
