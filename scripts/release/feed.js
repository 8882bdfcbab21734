/**
 * Creates the signed feed of a release for all systems, to be published beside the artefacts.
 *
 *   node scripts/release/feed.js ARTEFACTS APP     ARTEFACTS holds one folder for each system; writes ARTEFACTS/feed
 *
 * DJDESK_UPDATE_KEY holds the private key; without one there is no feed.
 */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

import { notesOf, writeFeed } from '../../src/djdesk/tools/node/release/feed.js';
import { privateKey } from '../../src/djdesk/tools/node/release/keys.js';
import { fail } from '../../src/djdesk/tools/node/setup/say.js';
import { inRoot } from '../setup/paths.js';

const RENDER = 'import json, sys; from pathlib import Path; sys.path.insert(0, sys.argv[1]); from djdesk.app import load, render; print(json.dumps(render(load(Path(sys.argv[2])))))';

async function main() {
  const [artefacts, root] = process.argv.slice(2).map((word) => path.resolve(word));
  const key = privateKey('');
  if (!key) {
    console.log('There is no key (DJDESK_UPDATE_KEY): no feed is made, and installed apps do not hear of this release.');
    return;
  }
  const app = JSON.parse(execFileSync(process.env.PYTHON || 'python3', ['-c', RENDER, inRoot('src'), root], { encoding: 'utf8' }));
  const folder = path.join(artefacts, 'feed');
  const systems = fs.readdirSync(artefacts).map((name) => path.join(artefacts, name)).filter((place) => fs.statSync(place).isDirectory());
  fs.mkdirSync(folder);
  const linked = systems.flatMap((place) => fs.readdirSync(place).filter((name) => name !== 'SHA256SUMS').map((name) => {
    fs.linkSync(path.join(place, name), path.join(folder, name));
    return name;
  }));
  const changelog = [path.join(root, 'CHANGELOG.md'), inRoot('CHANGELOG.md')].find((file) => fs.existsSync(file));
  const notes = changelog ? notesOf(fs.readFileSync(changelog, 'utf8'), app.version) : '';
  const written = await writeFeed({ app, folder, key, notes: notes ? { en: notes } : {} });
  // They are published from their own folders.
  for (const name of linked) fs.unlinkSync(path.join(folder, name));
  for (const name of written) console.log(name);
}

main().catch(fail);
