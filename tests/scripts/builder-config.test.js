/** electron-builder's configuration for an app: everything comes from its app.json. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';

import { inRoot } from '../../scripts/setup/paths.js';
import { packageVersion } from '../../src/djdesk/tools/node/package/names.js';
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
  assert.equal(config.linux.artifactName, 'Bucher-Regale-2.3.4-${os}-${arch}.${ext}');
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

test('a version in Python\'s notation becomes one that electron-builder accepts, except in the names of files', async (t) => {
  for (const [version, expected] of [
    ['1.2.3', '1.2.3'], ['1.0', '1.0.0'], ['3', '3.0.0'], ['2024.05.1', '2024.5.1'], ['1.2.3.4', '1.2.3+4'], ['1!2.0', '2.0.0'],
    ['2.1rc1', '2.1.0-rc.1'], ['2.1b2.dev3', '2.1.0-b.2.dev.3'], ['1.2.post1', '1.2.0+post.1'], ['1.2+local.7', '1.2.0+local.7'],
    ['1.2.0-beta.3', '1.2.0-beta.3'],
  ]) {
    assert.equal(packageVersion(version), expected);
    assert.match(expected, /^(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}(-[a-z0-9]+(\.[a-z0-9]+)*)?(\+[a-z0-9]+(\.[a-z0-9]+)*)?$/);
  }
  assert.equal(packageVersion('latest'), 'latest');
  const config = await configOf(t, { version: '1.0rc1' });
  assert.equal(config.extraMetadata.version, '1.0.0-rc.1');
  assert.equal(config.linux.artifactName, 'Bucher-Regale-1.0rc1-${os}-${arch}.${ext}');
});
