/** How a start handles an interrupted update, and how a version is confirmed. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import test from 'node:test';

import { confirmUpdate } from '../../electron/backend/confirm-update.js';
import { bringPortableData } from '../../electron/backend/portable.js';
import { resumeUpdate, wordsThatStart } from '../../electron/backend/resume-update.js';
import { parseArguments } from '../../electron/policy/arguments.js';
import { saysOfPage } from '../../electron/policy/trial.js';
import { atEnd, temporary } from './fixtures/harness.js';

const ID = '0123456789abcdef';

/**
 * A data folder with a journal, and a guardian that follows a script.
 * @param {import('node:test').TestContext} t
 * @param {object} journal
 * @param {string} script of the guardian
 */
function left(t, journal, script = 'process.exit(9)') {
  const dataDir = temporary(t);
  const file = path.join(dataDir, 'guardian.js');
  fs.writeFileSync(file, `require('fs').writeFileSync(${JSON.stringify(path.join(dataDir, 'asked'))}, JSON.stringify(process.argv.slice(2)));${script}`);
  fs.mkdirSync(path.join(dataDir, 'updates'));
  fs.writeFileSync(path.join(dataDir, 'updates', 'update.json'), JSON.stringify({ format: 1, guardian: [process.execPath, file], history: [], ...journal }));
  /** @type {string[]} */
  const lines = [];
  const python = () => { throw new Error('the installation is not asked'); };
  const answer = (version = '1.0.0') => resumeUpdate({ dataDir, trial: '', python, words: ['/app', '--x'], version, log: (line) => lines.push(line) });
  return { dataDir, lines, answer, asked: () => JSON.parse(fs.readFileSync(path.join(dataDir, 'asked'), 'utf8')) };
}

const line = (/** @type {object} */ event) => `console.log(${JSON.stringify(JSON.stringify(event))});`;

test('where no update was cut short, nobody is asked and no time is lost', (t) => {
  const now = Date.now() / 1000;
  for (const journal of [{ state: 'rolled_back' }, { state: 'refused' }, { state: 'abandoned' }, { state: 'booting', format: 2 }, { state: 'downloaded', staged: '' },
    { state: 'confirmed', previous: '/p', history: [{ state: 'confirmed', at: now }] }, { state: 'confirmed', previous: '' }]) {
    const { answer, dataDir } = left(t, journal);
    assert.deepEqual(answer(), { trial: '', aside: false }, JSON.stringify(journal));
    assert.equal(fs.existsSync(path.join(dataDir, 'asked')), false);
  }
  const dataDir = temporary(t);
  assert.deepEqual(resumeUpdate({ dataDir, trial: '', python: () => [], words: [], version: '1.0.0', log: () => {} }), { trial: '', aside: false });
  assert.deepEqual(resumeUpdate({ dataDir, trial: ID, python: () => [], words: [], version: '1.0.0', log: () => {} }), { trial: ID, aside: false }, 'the guardian started us');
});

test('the guardian says how it goes on', async (t) => {
  const onTrial = left(t, { state: 'swapped' }, `${line({ event: 'state', state: 'booting' })}${line({ event: 'go_on', trial: ID })}setTimeout(() => {}, 300)`);
  assert.deepEqual(await onTrial.answer('1.3.0'), { trial: ID, aside: false });
  assert.deepEqual(onTrial.asked(), ['resume', `--data-dir=${onTrial.dataDir}`, `--shell=${process.pid}`, '--version=1.3.0', '--', '/app', '--x']);
  const back = left(t, { state: 'rolling_back' }, line({ event: 'step_aside', reason: 'It ended on its own.' }));
  assert.deepEqual(await back.answer(), { trial: '', aside: true });
  const busy = left(t, { state: 'swapping' }, 'process.exit(4)');
  assert.deepEqual(await busy.answer(), { trial: '', aside: true }, 'the one at work starts the app itself');
  const half = left(t, { state: 'downloaded', staged: '/x' }, line({ event: 'go_on', trial: '' }));
  assert.deepEqual(await half.answer(), { trial: '', aside: false });
  assert.equal(half.asked()[0], 'resume', 'what was half unpacked goes');
  const old = left(t, { state: 'confirmed', previous: '/p', history: [{ state: 'confirmed', at: 1 }] }, line({ event: 'go_on', trial: '' }));
  assert.deepEqual(await old.answer(), { trial: '', aside: false });
  assert.equal(old.asked()[0], 'resume', 'after a week the version before goes');
});

test('a start of the version that should not be in place asks the guardian', async (t) => {
  const versions = { from: '1.2.3', to: '1.3.0' };
  for (const [journal, version] of /** @type {[object, string][]} */ ([[{ state: 'rolled_back', ...versions }, '1.3.0'], [{ state: 'confirmed', previous: '', ...versions }, '1.2.3']])) {
    const { answer, asked } = left(t, journal, line({ event: 'step_aside', reason: '' }));
    assert.deepEqual(await answer(version), { trial: '', aside: true });
    assert.ok(asked().includes(`--version=${version}`));
    const { answer: other, dataDir } = left(t, journal);
    for (const one of ['1.0.0', version === '1.3.0' ? '1.2.3' : '1.3.0']) assert.deepEqual(other(one), { trial: '', aside: false });
    assert.equal(fs.existsSync(path.join(dataDir, 'asked')), false);
  }
});

test('what a guardian says last is heard', async (t) => {
  const { answer } = left(t, { state: 'swapped' }, `process.stdout.write('\\n'.repeat(60000)); ${line({ event: 'go_on', trial: ID })}`);
  assert.deepEqual(await answer(), { trial: ID, aside: false });
});

test('a guardian that does not work keeps nobody from starting', async (t) => {
  const broken = left(t, { state: 'booting' }, 'process.exit(1)');
  assert.deepEqual(await broken.answer(), { trial: '', aside: false });
  assert.ok(broken.lines.some((one) => /exit code 1/.test(one)), broken.lines.join());
  const gone = left(t, { state: 'booting', guardian: ['/no/such/python', 'x'] });
  assert.deepEqual(await gone.answer(), { trial: '', aside: false });
  assert.ok(gone.lines.some((one) => /installation is not asked/.test(one)), 'its own interpreter comes next');
});

test('the command line that starts the app again leaves out what was for once', () => {
  const argv = ['--no-sandbox', '--safe-mode', '--update=0123456789abcdef', '--data-dir', '/d', 'file.txt', 'app://open/x', '--quit', '--lang=de'];
  assert.deepEqual(wordsThatStart({ program: '/app', argv, dataDir: '/d', named: true }), ['/app', '--no-sandbox', '--lang=de', '--data-dir=/d']);
  assert.deepEqual(wordsThatStart({ program: '/app', argv: [], dataDir: '/d', named: false }), ['/app']);
  assert.equal(parseArguments([`--update=${ID}`]).update, ID);
  assert.equal(parseArguments(['--update=../x']).update, '', 'not what the guardian says');
  assert.equal(parseArguments(['--rehearse']).rehearse, true);
});

/** @param {import('node:test').TestContext} t @param {{status: number, body: object}[]} answers */
async function server(t, answers) {
  let asked = 0;
  const http = createServer((request, response) => {
    assert.deepEqual([request.method, request.url, request.headers['x-djdesk-token']], ['POST', '/desktop/update/confirm', 'secret']);
    const { status, body } = answers[Math.min(asked, answers.length - 1)];
    asked += 1;
    response.writeHead(status).end(JSON.stringify(body));
  });
  await new Promise((resolve) => { http.listen(0, '127.0.0.1', () => resolve(null)); });
  atEnd(t, () => new Promise((resolve) => { http.close(resolve); }));
  const { port } = /** @type {import('node:net').AddressInfo} */ (http.address());
  const supervisor = /** @type {any} */ ({ state: 'ready', backend: { port, token: 'secret', origin: '' } });
  return { supervisor, asked: () => asked };
}

test('the server is asked until it says that the update is good, or will not be', async (t) => {
  const slow = await server(t, [{ status: 202, body: { missing: ['task'] } }, { status: 503, body: {} }, { status: 200, body: { confirmed: true } }]);
  const good = await new Promise((resolve) => { confirmUpdate(slow.supervisor, { everyMs: 5, onEnd: resolve }); });
  assert.deepEqual([good, slow.asked()], [{ confirmed: true, reason: '' }, 3]);
  const back = await server(t, [{ status: 409, body: { confirmed: false, reason: 'It is being replaced.' } }]);
  assert.deepEqual(await new Promise((resolve) => { confirmUpdate(back.supervisor, { everyMs: 5, onEnd: resolve }); }), { confirmed: false, reason: 'It is being replaced.' });
});

test('nothing is asked before a page is in the window', async (t) => {
  const { supervisor, asked } = await server(t, [{ status: 200, body: { confirmed: true } }]);
  let looked = 0;
  const ended = new Promise((resolve) => {
    confirmUpdate(supervisor, { everyMs: 5, mayAsk: () => { looked += 1; return looked > 3; }, onEnd: () => resolve(looked) });
  });
  assert.equal(await ended, 4);
  assert.equal(asked(), 1);
});

test('only a page of the app says that a version works', () => {
  assert.equal(saysOfPage({ path: '/', code: 200 }), 'works');
  assert.equal(saysOfPage({ path: '/', code: 500 }), 'fails');
  assert.equal(saysOfPage({ path: '/', code: 404 }), 'works', 'an app need not have a page there');
  assert.equal(saysOfPage({ path: '/login/', code: 403 }), 'works');
  assert.equal(saysOfPage({ path: '/', code: 0 }), 'nothing');
  assert.equal(saysOfPage({ path: '/', code: 503 }), 'nothing', 'the disk is full, or the database locked');
  assert.equal(saysOfPage({ path: '/desktop/first-user/', code: 200 }), 'nothing');
});

test('portable data that a killed update left with the other version comes back', (t) => {
  const folder = temporary(t);
  const dataDir = path.join(folder, 'App', 'Parity Data');
  fs.mkdirSync(path.join(folder, 'App'));
  fs.mkdirSync(path.join(folder, '.App.new', 'Parity Data', 'updates'), { recursive: true });
  fs.writeFileSync(path.join(folder, '.App.new', 'Parity Data', 'app.sqlite3'), 'rows');
  bringPortableData(dataDir);
  assert.equal(fs.readFileSync(path.join(dataDir, 'app.sqlite3'), 'utf8'), 'rows');
  bringPortableData(dataDir);
  assert.ok(fs.existsSync(dataDir), 'what is in place stays');
});
