/**
 * Faults of a feed, tested with the real window of a packaged app: each must be refused with a message and
 * leave the app unchanged. Finally the app is updated from a folder while the feed's server is gone.
 *
 *   node feed.js PROGRAM DATA_FOLDER SCRATCH ARTEFACT
 *
 * PROGRAM is the old version in a folder, ARTEFACT the new one's tar.gz. Prints a line of JSON for each
 * fault: `{"fault", "problem"}`, with an empty `problem` if all went well.
 */
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

import { writeFeed } from '../../../src/djdesk/tools/node/release/feed.js';
import { newKey, serve } from '../../../tests/electron/fixtures/feed-server.js';
import { bareEnvironment, drive } from '../../release/drive.js';

const [program, data, scratch, artefact] = process.argv.slice(2);
const PRODUCT = 'org.example.parity';
const [OLD, NEW] = ['1.2.3', '1.3.0'];
/** A check may take 30 s, a download may stall for 60 s. */
const LIMIT_MS = 120000;

const [key, next, later] = [newKey(), newKey(), newKey()];
const site = path.join(scratch, 'site');
fs.mkdirSync(site, { recursive: true });
const server = await serve(site);
const appFile = path.join(path.dirname(program), 'resources', 'app.json');
const about = JSON.parse(fs.readFileSync(appFile, 'utf8'));
// As if they had been in the app's table at packaging.
fs.writeFileSync(appFile, JSON.stringify({ ...about, update: { feed: server.url, keys: [key.public, next.public], channel: 'stable' } }));

const yml = path.join(site, 'latest-linux.yml');
const name = `parity-${NEW}-linux-x64.tar.gz`;
/** Small, but complete enough to be unpacked and pass a rehearsal. */
const small = fs.readFileSync(smallArchive());
let minutes = 0;

/** @param {{version?: string, product?: string, channel?: string, signer?: ReturnType<typeof newKey>, file?: string, [more: string]: unknown}} [how] */
async function announce({ version = NEW, product = PRODUCT, channel = 'stable', signer = key, file = name, ...more } = {}) {
  fs.rmSync(site, { recursive: true });
  fs.mkdirSync(site);
  fs.writeFileSync(path.join(site, file.replace(NEW, version)), small);
  minutes += 1;
  const now = new Date(Date.now() - 3600000 + minutes * 60000);
  await writeFeed({ app: { id: product, version, update: { keys: [signer.public] } }, folder: site, key: signer.private, channel, now, migrates: true, ...more });
}

function smallArchive() {
  const folder = path.join(scratch, 'small', `parity-${NEW}`);
  fs.mkdirSync(path.join(folder, 'resources'), { recursive: true });
  fs.writeFileSync(path.join(folder, 'resources', 'app.json'), JSON.stringify({ id: PRODUCT, version: NEW }));
  fs.writeFileSync(path.join(folder, path.basename(program)), '#!/bin/sh\nexit 0\n', { mode: 0o755 });
  const file = path.join(scratch, 'small.tar.gz');
  execFileSync('tar', ['-czf', file, '-C', path.dirname(folder), path.basename(folder)]);
  return file;
}

/**
 * Answers requests for the artefact.
 * @param {(response: import('node:http').ServerResponse) => void} answer
 */
const instead = (answer) => server.break((_request, response, file) => {
  if (path.basename(file) !== name) return false;
  answer(response);
  return true;
});

/** In 20 chunks. @param {import('node:http').ServerResponse} response */
function slowly(response) {
  response.writeHead(200, { 'content-length': small.length });
  const piece = Math.ceil(small.length / 20);
  let sent = 0;
  const timer = setInterval(() => {
    response.write(small.subarray(sent, sent + piece));
    sent += piece;
    if (sent < small.length) return;
    clearInterval(timer);
    response.end();
  }, 100);
}

/** @type {[string, () => unknown, RegExp][]} */
const FAULTS = [
  ['no such channel (404)', () => fs.rmSync(yml, { force: true }), /newest version/],
  ['the server fails (500)', () => server.break((_request, response) => { response.writeHead(500).end(); return true; }), /error 500/],
  ['the server cuts the connection', () => server.break((request) => { request.socket.destroy(); return true; }), /could not be reached/],
  ['no signature', async () => { await announce(); fs.rmSync(`${yml}.sig`); }, /not signed/],
  ['bad signature', async () => { await announce(); fs.appendFileSync(yml, ' '); }, /wrong signature/],
  ['old signature on a new announcement', async () => {
    await announce();
    const old = fs.readFileSync(`${yml}.sig`);
    await announce();
    fs.writeFileSync(`${yml}.sig`, old);
  }, /wrong signature/],
  ['a key that replaced the next one', () => announce({ signer: later }), /key that this app does not know/],
  ['another product', () => announce({ product: 'org.example.other' }), /another app/],
  ['another channel', async () => {
    await announce({ channel: 'beta' });
    for (const end of ['', '.sig']) fs.renameSync(path.join(site, `beta-linux.yml${end}`), `${yml}${end}`);
  }, /another channel/],
  ['news that should have been renewed (freeze)', () => announce({ version: OLD, expires: -1 }), /expired on/],
  ['a version for other computers', () => announce({ file: `parity-${NEW}-linux-x86_64.AppImage` }), /not for this computer/],
  ['a version that follows a later one', () => announce({ minimumFrom: '1.2.9' }), /needs version/],
  ['the artefact was swapped', async () => { await announce(); fs.writeFileSync(path.join(site, name), Buffer.alloc(small.length, 7)); }, /not the one that was announced/],
  ['the artefact is truncated', async () => { await announce(); fs.truncateSync(path.join(site, name), 100); }, /not the one that was announced/],
  ['the artefact is longer', async () => { await announce(); fs.appendFileSync(path.join(site, name), small); }, /more than was announced/],
  ['the download breaks off', async () => {
    await announce();
    instead((response) => { response.writeHead(200, { 'content-length': small.length }); response.write(small.subarray(0, 100), () => response.destroy()); });
  }, /could not be reached/],
  ['no artefact (404)', async () => { await announce(); fs.rmSync(path.join(site, name)); }, /error 404/],
  ['the server never answers', () => server.break(() => true), /did not answer within 30 s/],
  ['the download stands still', async () => {
    await announce();
    instead((response) => { response.writeHead(200, { 'content-length': small.length }); response.write(small.subarray(0, 100)); });
  }, /Nothing arrived for 60 s/],
  ['a slow download, signed with the next key', async () => { await announce({ signer: next }); instead(slowly); }, /tried on a copy of your data/],
  ['a version that is withdrawn', () => announce({ version: NEW }).then(() => hold('It loses books.')), /was withdrawn: It loses books/],
  ['an announcement from before (replay)', async () => { minutes -= 10; await announce(); minutes += 10; }, /older than one that was seen/],
  ['an older version (downgrade)', () => announce({ version: '1.2.0' }), /older than one that was seen/],
];

/** @param {string} why */
async function hold(why) {
  const { announceAgain } = await import('../../../src/djdesk/tools/node/release/feed.js');
  announceAgain({ app: { id: PRODUCT, version: NEW, update: { keys: [key.public] } }, folder: site, key: key.private, hold: why });
}

const journal = () => {
  try {
    return JSON.parse(fs.readFileSync(path.join(data, 'updates', 'update.json'), 'utf8'));
  } catch {
    return { state: '' };
  }
};
const flags = process.getuid?.() === 0 ? ['--no-sandbox', '--disable-gpu'] : [];
const own = [...flags, `--data-dir=${data}`];
const how = { home: scratch, display: process.env.DISPLAY, places: [data], env: { ELECTRON_DISABLE_SANDBOX: '1' } };
const { page } = await drive(program, { ...how, args: own, limitMs: LIMIT_MS });
await page.waitForURL(/^http:/, { timeout: LIMIT_MS });
await page.waitForLoadState('load');
await page.goto(new URL('/desktop/updates/', page.url()).href);

for (const [fault, prepare, words] of FAULTS) {
  server.break(null);
  let problem = '';
  try {
    await prepare();
    // The message about the previous fault must not count.
    await page.$$eval('[data-text], [data-warnings]', (elements) => elements.forEach((element) => element.replaceChildren()));
    await page.click('button[data-act=check]');
    await page.waitForFunction((source) => new RegExp(source).test(document.querySelector('main')?.innerText || ''), words.source, { timeout: LIMIT_MS });
    await page.waitForSelector('button[data-act=check]:visible');
    if (JSON.parse(fs.readFileSync(appFile, 'utf8')).version !== OLD) problem = 'the app was replaced';
    if (!['', 'rehearsed', 'abandoned', 'downloaded', 'staged'].includes(journal().state)) problem = `the journal says ${journal().state}`;
    if (await page.evaluate(async () => (await fetch('/')).status) !== 200) problem = 'the app does not answer';
  } catch (error) {
    problem = `${/** @type {Error} */ (error).message.split('\n')[0]}; the page says: ${await page.innerText('main').catch(() => '')}`.slice(0, 900);
  }
  console.log(JSON.stringify({ fault, problem }));
}

// A USB stick, without any server.
await server.close();
const stick = path.join(scratch, 'stick');
fs.mkdirSync(stick);
fs.linkSync(artefact, path.join(stick, path.basename(artefact)));
await writeFeed({ app: { id: PRODUCT, version: NEW, update: { keys: [key.public] } }, folder: stick, key: key.private });
spawn(program, [...own, `--update-folder=${stick}`], { env: bareEnvironment(how), stdio: 'ignore', detached: true }).unref();
const begun = Date.now();
while (!['confirmed', 'rolled_back', 'refused'].includes(journal().state) && Date.now() - begun < 240000) await new Promise((resolve) => { setTimeout(resolve, 200); });
console.log(JSON.stringify({ fault: 'no network: an update from a folder', problem: journal().state === 'confirmed' ? '' : `${journal().state}: ${journal().reason}` }));
process.exit(0);
