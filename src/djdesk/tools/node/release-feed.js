/**
 * Keys and feeds of updates; `djdesk release key|feed|announce` runs it.
 *
 *   node release-feed.js key FILE
 *   node release-feed.js feed [FOLDER] [--channel NAME] [--rollout PERCENT] [--minimum-from VERSION] [--expires DAYS]
 *                        [--notes [LANGUAGE=]FILE]… [--key FILE]
 *   node release-feed.js announce [FOLDER] [--rollout PERCENT] [--hold TEXT] [--expires DAYS] [--key FILE]
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { readPackagedApp } from './package/names.js';
import { announceAgain, notesOf, writeFeed } from './release/feed.js';
import { makeKey, privateKey } from './release/keys.js';
import { modulesFolder, toolsBeside } from './setup/modules.js';
import { readPlan } from './setup/plan.js';
import { fail, SetupProblem } from './setup/say.js';

const HERE = path.dirname(fileURLToPath(import.meta.url));

async function main() {
  const [what, ...rest] = process.argv.slice(2);
  if (what === 'key') {
    console.log(`The private key is in ${path.resolve(rest[0])}: keep it secret, and keep a copy. Its public key, for the app's table:\n`);
    console.log(`[tool.djdesk.update]\nkeys = ["${makeKey(rest[0])}"]`);
    return;
  }
  const plan = readPlan();
  const tools = await toolsBeside(await modulesFolder(plan));
  if (tools !== HERE) {
    const { status } = spawnSync(process.execPath, [path.join(tools, 'release-feed.js'), ...process.argv.slice(2)], { stdio: 'inherit' });
    process.exit(status ?? 1);
  }
  const app = /** @type {import('./release/feed.js').FeedOptions['app']} */ (readPackagedApp(plan.app));
  const { values, positionals } = parseArgs({
    args: rest,
    allowPositionals: true,
    options: {
      channel: { type: 'string' }, rollout: { type: 'string' }, 'minimum-from': { type: 'string' }, expires: { type: 'string' },
      notes: { type: 'string', multiple: true }, hold: { type: 'string' }, key: { type: 'string' },
    },
  });
  const folder = path.resolve(positionals[0] || plan.dist);
  const common = {
    app,
    folder,
    key: privateKey(values.key || ''),
    ...(values.rollout === undefined ? {} : { rollout: number(values.rollout, 'rollout', 0, 100) }),
    ...(values.expires === undefined ? {} : { expires: number(values.expires, 'expires', 1, 3650) }),
  };
  const written = what === 'announce'
    ? announceAgain({ ...common, ...(values.hold === undefined ? {} : { hold: values.hold }) })
    : await writeFeed({ ...common, notes: notes(plan.root, app.version, values.notes || []), ...(values.channel ? { channel: values.channel } : {}), ...(values['minimum-from'] ? { minimumFrom: values['minimum-from'] } : {}) });
  for (const name of written) console.log(path.join(folder, name));
  if (!common.key) console.log('The feed is not signed, and no app takes it like that: there is no key. Name one with --key FILE or in DJDESK_UPDATE_KEY.');
}

/**
 * Notes by language: `FILE` for English, `de=FILE` for another one; by default, the version's section in
 * CHANGELOG.md.
 * @param {string} root
 * @param {string} version
 * @param {string[]} named
 */
export function notes(root, version, named) {
  /** @type {Record<string, string>} */
  const found = {};
  for (const one of named) {
    const [, language = 'en', file] = /^(?:([a-z]{2,3}(?:-[a-z]+)?)=)?(.+)$/s.exec(one) || [];
    found[language] = fs.readFileSync(path.resolve(String(file)), 'utf8').trim();
  }
  const changelog = path.join(root, 'CHANGELOG.md');
  if (!named.length && fs.existsSync(changelog)) {
    const text = notesOf(fs.readFileSync(changelog, 'utf8'), version);
    if (text) found.en = text;
  }
  return found;
}

/** @param {string} text @param {string} name @param {number} least @param {number} most */
function number(text, name, least, most) {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least || value > most) throw new SetupProblem(`--${name} cannot be ${text}.`, `Give a whole number from ${least} to ${most}.`);
  return value;
}

if (process.argv[1] && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) main().catch(fail);
