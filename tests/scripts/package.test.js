/** Packaging decisions: fuses, options, icons, which Electron. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';

import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';

import { drawIcons } from '../../src/djdesk/tools/node/icons.js';
import { FUSES, fuseConfig, readFuses, setFuses } from '../../src/djdesk/tools/node/package/fuses.js';
import { packagesOf } from '../../src/djdesk/tools/node/shell.js';
import { icns, ICNS_SIZES, ico, ICO_SIZES, pngSize } from '../../src/djdesk/tools/node/package/icon-files.js';
import { machOFiles } from '../../src/djdesk/tools/node/package/mac-binaries.js';
import { bareEnvironment } from '../../scripts/release/drive.js';
import { inRoot } from '../../scripts/setup/paths.js';

const SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';

/**
 * A file with the fuses of an Electron.
 * @param {import('node:test').TestContext} t
 * @param {string} states one digit per fuse
 */
function program(t, states) {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'djdesk-fuses-'));
  t.after(() => fs.rmSync(dir, { recursive: true }));
  const file = path.join(dir, 'electron');
  fs.writeFileSync(file, Buffer.concat([Buffer.from(`code${SENTINEL}`), Buffer.from([1, states.length]), Buffer.from(states), Buffer.from('more code')]));
  return file;
}

test('fuses: every one that is known is decided, with a reason', () => {
  const known = Object.keys(FuseV1Options).filter((key) => Number.isNaN(Number(key)));
  assert.deepEqual(Object.keys(FUSES).sort(), known.sort());
  for (const [name, [value, reason]] of Object.entries(FUSES)) {
    assert.equal(typeof value, 'boolean', name);
    assert.ok(reason.length > 10, name);
  }
  assert.equal(/** @type {any} */ (fuseConfig()).strictlyRequireAllFuses, true);
});

test('fuses: set and read back', async (t) => {
  const file = program(t, '101100011');
  assert.ok((await readFuses(file)).wrong.includes('RunAsNode'));
  assert.deepEqual(await setFuses(file), []);
  assert.deepEqual(await readFuses(file), { wrong: [], absent: [] });
  const wire = /** @type {any} */ (await getCurrentFuseWire(file));
  assert.equal(String.fromCharCode(...Object.keys(FUSES).map((_, index) => wire[index])), '000011001');
});

test('fuses: one that nobody has decided stops the build', async (t) => {
  await assert.rejects(setFuses(program(t, '1011000110')), /strictlyRequireAllFuses/);
});

test('fuses: an old Electron gets those it has, and the others are named', async (t) => {
  const file = program(t, '1011000');
  await assert.rejects(setFuses(file), /GrantFileProtocolExtraPrivileges.*not long enough/);
  const absent = ['GrantFileProtocolExtraPrivileges', 'WasmTrapHandlers'];
  assert.deepEqual(await setFuses(file, { old: true }), absent);
  assert.deepEqual(await readFuses(file), { wrong: [], absent });
});

test('fuses: an Electron without them stops the build', async (t) => {
  const file = program(t, '1');
  fs.writeFileSync(file, 'no switches in here');
  await assert.rejects(setFuses(file), /sentinel/);
});

test('icons: one picture becomes every size for every system', async (t) => {
  const icons = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'icons é ')), 'out');
  t.after(() => fs.rmSync(path.dirname(icons), { recursive: true }));
  await drawIcons(inRoot('electron', 'pages', 'app.svg'), icons);
  const file = fs.readFileSync(path.join(icons, 'icon.ico'));
  assert.equal(file.readUInt16LE(4), ICO_SIZES.length);
  const inIco = ICO_SIZES.map((_, index) => pngSize(file.subarray(file.readUInt32LE(6 + 16 * index + 12))).width);
  assert.deepEqual(inIco, ICO_SIZES);
  const mac = fs.readFileSync(path.join(icons, 'icon.icns'));
  assert.equal(mac.toString('latin1', 0, 4), 'icns');
  assert.equal(mac.readUInt32BE(4), mac.length);
  const inIcns = new Set();
  for (let at = 8; at < mac.length; at += mac.readUInt32BE(at + 4)) inIcns.add(pngSize(mac.subarray(at + 8)).width);
  assert.deepEqual([...inIcns].sort((a, b) => a - b), ICNS_SIZES);
  const splash = fs.readFileSync(path.join(icons, 'splash.bmp'));
  assert.equal(splash.toString('latin1', 0, 2), 'BM');
  assert.deepEqual([splash.readUInt32LE(2), splash.readInt32LE(18), splash.readInt32LE(22)], [splash.length, 256, 256]);
  assert.deepEqual([...splash.subarray(54, 57)], [255, 255, 255], 'white where the icon is clear');
  for (const name of fs.readdirSync(path.join(icons, 'png'))) {
    const { width, height } = pngSize(fs.readFileSync(path.join(icons, 'png', name)));
    assert.equal(`${width}x${height}.png`, name);
  }
});

test('icons: a PNG serves as well; what is small, missing, not square, no picture or needs a font is refused with a way out', async (t) => {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'icons-'));
  t.after(() => fs.rmSync(dir, { recursive: true }));
  const svg = (/** @type {string} */ size, inside = '<rect width="9" height="9"/>') => `<svg xmlns="http://www.w3.org/2000/svg" ${size}>${inside}</svg>`;
  await drawIcons(inRoot('electron', 'pages', 'app.svg'), path.join(dir, 'first'));
  await drawIcons(path.join(dir, 'first', 'png', '512x512.png'), path.join(dir, 'second'));
  assert.equal(pngSize(fs.readFileSync(path.join(dir, 'second', 'png', '48x48.png'))).width, 48);
  const refused = async (/** @type {string} */ name, /** @type {string} */ content, /** @type {RegExp} */ words) => {
    if (content) fs.writeFileSync(path.join(dir, name), content);
    await assert.rejects(drawIcons(path.join(dir, name), path.join(dir, 'out')), (/** @type {any} */ error) => error.message.includes(name) && words.test(`${error.message} ${error.hint}`), name);
  };
  await refused('none.svg', '', /cannot be read.*Name an SVG/);
  await refused('wide.svg', svg('viewBox="0 0 20 10"'), /not square/);
  await refused('text.svg', svg('viewBox="0 0 9 9"', '<text>A</text>'), /holds text\. Turn the text into paths/);
  await refused('broken.svg', 'GIF89a', /cannot be drawn/);
  await assert.rejects(drawIcons(path.join(dir, 'first', 'png', '64x64.png'), path.join(dir, 'out')), /64 pixels wide/);
});

test('icons: what is no PNG is refused', () => {
  assert.throws(() => ico([Buffer.from('GIF89a and so on, long enough for a header')]), /not a PNG/);
  assert.equal(icns(new Map()).length, 8);
});

test('Mach-O files are found by content', (t) => {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'djdesk-mach-'));
  t.after(() => fs.rmSync(dir, { recursive: true }));
  fs.mkdirSync(path.join(dir, 'python', 'bin'), { recursive: true });
  const write = (/** @type {string} */ name, /** @type {string} */ head) => fs.writeFileSync(path.join(dir, name), Buffer.from(head, 'hex'));
  write('python/bin/python3', 'cffaedfe00');
  write('python/x.so', 'cafebabe00');
  write('python/elf.so', '7f454c4600');
  write('python/a.py', 'cffaedfe00');
  assert.deepEqual(machOFiles(dir), [path.join('python', 'bin', 'python3'), path.join('python', 'x.so')]);
  assert.deepEqual(machOFiles(path.join(dir, 'none')), []);
});

test('a bundle tells its packages', () => {
  assert.deepEqual(packagesOf(['electron/main.js', 'node_modules/get-port/index.js', '../node_modules/@a/b/x.js', 'node_modules/get-port/y.js']), ['@a/b', 'get-port']);
});

test('a packaged app is started with next to nothing', { skip: process.platform === 'win32' && 'Windows wants more' }, () => {
  const env = bareEnvironment({ home: '/h', display: ':7', env: { TMPDIR: '/t' } }, { SECRET: 'x', PYTHONPATH: '/p' });
  assert.deepEqual(env, { HOME: '/h', LANG: 'C.UTF-8', TMPDIR: '/t', DISPLAY: ':7', PATH: '/usr/bin:/bin' });
});
