/** electron-builder's configuration for an app: everything comes from its app.json. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';

import { inRoot } from '../../scripts/setup/paths.js';
import { APP_FILE } from '../electron/fixtures/harness.js';

/**
 * @param {import('node:test').TestContext} t
 * @param {object} [change] of the app
 * @returns {Promise<any>}
 */
async function configOf(t, change = {}) {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'builder é '));
  t.after(() => fs.rmSync(root, { recursive: true }));
  const app = path.join(root, 'app.json');
  fs.writeFileSync(app, JSON.stringify({ ...JSON.parse(fs.readFileSync(APP_FILE, 'utf8')), ...change }));
  const plan = path.join(root, 'plan.json');
  fs.writeFileSync(plan, JSON.stringify({ root, app, shell: inRoot(), sources: true, assets: inRoot('packaging'), lock: inRoot(), modules: inRoot(), stage: path.join(root, 'stage'), dist: path.join(root, 'dist'), python: '' }));
  process.env.DJDESK_PLAN = plan;
  t.after(() => { delete process.env.DJDESK_PLAN; });
  // Imported again for each app: the file reads the plan once.
  return (await import(`../../src/djdesk/tools/node/builder-config.js?${root}`)).default;
}

test('name, identifier, program, links, kinds of files and languages are the app\'s, and no other name is there', async (t) => {
  const config = await configOf(t);
  assert.equal(config.appId, 'org.example.buecher');
  assert.equal(config.productName, 'Bücher & Regale');
  assert.equal(config.copyright, 'Copyright © Müller & Söhne');
  assert.equal(config.linux.executableName, 'buecher-regale-app');
  assert.deepEqual(config.protocols, [{ name: 'Bücher & Regale', schemes: ['buecher'] }]);
  assert.deepEqual(config.fileAssociations.map((/** @type {any} */ one) => [one.ext, one.mimeType]), [['regal', 'application/x-buecher-regale-regal']]);
  assert.equal(config.linux.artifactName, 'Bucher-Regale-${version}-${os}-${arch}.${ext}');
  assert.equal(config.electronLanguages.length, 2);
  assert.ok(config.mac.extendInfo.NSDocumentsFolderUsageDescription, 'it opens folders');
  const said = JSON.stringify(config, (key, value) => (typeof value === 'string' && path.isAbsolute(value) ? '' : value));
  assert.doesNotMatch(said.replaceAll(inRoot(), ''), /djdesk|inspect/i);
});

test('an app without links, files, folders and publisher asks for none of it', async (t) => {
  const config = await configOf(t, { scheme: '', files: [], bridge: [], publisher: '', pages: { permissions: [{ name: 'media', reason: 'To scan the ISBN.' }] } });
  assert.equal(config.protocols, undefined);
  assert.deepEqual(config.fileAssociations, []);
  assert.equal(config.copyright, 'Copyright © Bücher & Regale');
  assert.deepEqual(config.mac.extendInfo, { NSCameraUsageDescription: 'To scan the ISBN.', NSMicrophoneUsageDescription: 'To scan the ISBN.' });
  assert.equal(config.nsis.license, undefined);
});
