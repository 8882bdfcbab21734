import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import vm from 'node:vm';
import { fileURLToPath } from 'node:url';

import { BRIDGE_SETS } from '../../electron/policy/bridge.js';

const ELECTRON = fileURLToPath(new URL('../../electron/', import.meta.url));

/** @param {string} dir @returns {string[]} */
const files = (dir) => fs.readdirSync(dir, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? files(path.join(dir, entry.name)) : [path.join(dir, entry.name)]);

/** @param {string} room */
const sources = (room) => files(path.join(ELECTRON, room)).filter((file) => file.endsWith('.js'))
  .map((file) => ({ name: path.relative(ELECTRON, file), text: fs.readFileSync(file, 'utf8') }));

/** @param {string} text */
const imports = (text) => [...text.matchAll(/(?:from|import\()\s*'([^']+)'/g)].map((match) => match[1]);

test('the backend and the policies know nothing of Electron', () => {
  for (const { name, text } of [...sources('backend'), ...sources('policy'), { name: 'browser.js', text: fs.readFileSync(path.join(ELECTRON, 'browser.js'), 'utf8') }]) {
    assert.ok(!imports(text).some((from) => from === 'electron' || from.includes('/shell/')), name);
  }
});

test('a policy imports policies only: no input, no output', () => {
  for (const { name, text } of sources('policy')) {
    for (const from of imports(text)) assert.match(from, /^\.\/[a-z-]+\.js$/, `${name} imports ${from}`);
  }
});

test('the shell knows nothing of the app that ships on it', () => {
  for (const file of files(ELECTRON)) {
    assert.ok(!/inspector|\bscan(?!ner)/i.test(fs.readFileSync(file, 'utf8')), path.relative(ELECTRON, file));
  }
});

/** Internal names that users do not see: channels, names on `window`, Python modules. */
const INTERNAL = /^(djdesk-update-v1|djdesk(-(shell|find|hang|prompt|notice))?:[a-z-]+|djdesk([A-Z]\w+)?|djdesk\.(cli|desktop(\.guardian)?)|window\.djdesk[A-Z].*)$/;
/**
 * Permitted mentions: one line of the About panel, a header, and hints for developers about mistakes that a
 * packaged app cannot have.
 */
const SAID = [/^X-DJDesk-Token$/, /^Built with DJDesk\. /, /^Mit DJDesk gebaut\. /, /djdesk start/, /^DJDESK_MODE /, /\[tool\.djdesk\]/];

test('nothing that the user of an app sees names another one', () => {
  const seen = files(ELECTRON).flatMap((file) => {
    const text = fs.readFileSync(file, 'utf8');
    if (file.endsWith('.html')) return /djdesk/i.test(text) ? [file] : [];
    if (!/\.c?js$/.test(file)) return [];
    const code = text.replace(/\/\*[^]*?\*\/|(?<=^|\s)\/\/.*$/gm, '');
    return [...code.matchAll(/'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`/g)]
      .map(([, single, double, back]) => single ?? double ?? back).filter((words) => /djdesk/i.test(words));
  });
  assert.ok(seen.length > 30, 'literals are found');
  assert.deepEqual(seen.filter((words) => !INTERNAL.test(words) && !SAID.some((said) => said.test(words))), []);
});

test('the runtime, its tools and what packages carry know no app', () => {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  for (const room of ['electron', 'src/djdesk', 'packaging']) {
    for (const file of files(path.join(root, room)).filter((one) => !/\.(pyc|mo|png)$/.test(one))) {
      assert.doesNotMatch(fs.readFileSync(file, 'utf8'), /inspector/i, path.relative(root, file));
    }
  }
});

test('dangerous doors have one user each', () => {
  const shell = sources('shell');
  const users = (/** @type {RegExp} */ door) => shell.filter(({ text }) => door.test(text)).map(({ name }) => path.basename(name));
  assert.deepEqual(users(/\bipcMain\.(handle|on)\(/), ['ipc.js']);
  assert.deepEqual(users(/\.openExternal\(/), ['external.js']);
  assert.deepEqual(users(/new BrowserWindow\(/), ['prompt.js', 'rehearsal.js', 'window.js']);
  assert.deepEqual(users(/sandbox: true/), ['web-preferences.js']);
  const spawning = [...sources('backend'), ...shell].filter(({ text }) => text.includes('node:child_process')).map(({ name }) => path.basename(name));
  assert.deepEqual(spawning.sort(), ['ask-system.js', 'child.js', 'opener.js', 'process-look.js', 'resume-update.js', 'tool.js', 'transaction.js']);
});

/**
 * Run the preload as a page at this URL would.
 * @param {string} address
 * @param {string} [sets] the sets that the app enables, separated by commas
 */
function preload(address, sets = Object.keys(BRIDGE_SETS).join(',')) {
  /** @type {Record<string, any>} */
  const exposed = {};
  /** @type {string[]} */
  const invoked = [];
  /** @type {Record<string, Function>} */
  const heard = {};
  /** @type {Record<string, Function>} */
  const dom = {};
  const electron = {
    contextBridge: {
      exposeInMainWorld: (/** @type {string} */ name, /** @type {any} */ api) => { exposed[name] = api; },
      executeInMainWorld: () => {},
    },
    ipcRenderer: {
      invoke: async (/** @type {string} */ channel) => { invoked.push(channel); },
      on: (/** @type {string} */ channel, /** @type {Function} */ listener) => { heard[channel] = listener; },
      removeListener: (/** @type {string} */ channel) => { delete heard[channel]; },
    },
    webUtils: { getPathForFile: (/** @type {any} */ file) => file.realPath },
  };
  const url = new URL(address);
  vm.runInNewContext(fs.readFileSync(path.join(ELECTRON, 'bridge', 'preload.cjs'), 'utf8'), {
    require: (/** @type {string} */ name) => {
      assert.equal(name, 'electron', 'a sandboxed preload can require nothing else');
      return electron;
    },
    process: { platform: 'linux', argv: ['electron', '--app-version=1.2.3', `--app-bridge=${sets}`] },
    location: { protocol: url.protocol, host: url.host, hostname: url.hostname, pathname: url.pathname },
    window: { addEventListener: (/** @type {string} */ name, /** @type {Function} */ listener) => { dom[name] = listener; } },
  });
  return { exposed, invoked, heard, dom };
}

const APP = 'http://127.0.0.1:20001/';
const EVERY_APP = ['shell', 'platform', 'version', 'onMenu', 'notify', 'openExternal', 'openDataFolder', 'openLogs', 'setTheme', 'setLanguage', 'updates'];

test('preload: each page gets its own functions, a stranger none', () => {
  const names = (/** @type {string} */ address) => Object.fromEntries(
    Object.entries(preload(address).exposed).map(([name, api]) => [name, Object.keys(api)]));
  assert.deepEqual(names(APP), { djdesk: [...EVERY_APP, ...Object.values(BRIDGE_SETS).flat()] });
  assert.deepEqual(names('app://shell/error.html'), { djdeskShell: [
    'onState', 'getState', 'retry', 'openLogs', 'copyDiagnostics', 'exportDiagnostics', 'listBackups', 'restoreBackup', 'startSafely', 'quit', 'quitNow', 'hideTrouble', 'endServer',
  ] });
  assert.deepEqual(names('app://shell/hung.html'), { djdeskHang: ['wait', 'reload'] });
  assert.deepEqual(names('app://shell/prompt.html'), { djdeskPrompt: ['answer'] });
  assert.deepEqual(names('app://shell/notice.html'), { djdeskNotice: ['close'] });
  assert.deepEqual(names('app://shell/find.html'), { djdeskFind: ['search', 'close', 'onResult', 'onFocus'] });
  for (const address of ['https://example.org/', 'http://localhost:20001/', 'http://127.0.0.1.example.org/', 'file:///x', 'app://other/', 'about:blank']) {
    assert.deepEqual(names(address), {}, address);
  }
});

test('preload: an app gets what it has switched on, and nothing that does not exist', () => {
  for (const [name, functions] of Object.entries(BRIDGE_SETS)) {
    assert.deepEqual(Object.keys(preload(APP, name).exposed.djdesk), [...EVERY_APP, ...functions]);
  }
  for (const sets of ['', 'toString', 'all,constructor', '*']) assert.deepEqual(Object.keys(preload(APP, sets).exposed.djdesk), EVERY_APP, sets);
  assert.equal(preload(APP, 'exports').dom.drop, undefined, 'a drop zone of the page is left alone');
});

test('preload: every channel it uses has an answer in the main process', async () => {
  const source = fs.readFileSync(path.join(ELECTRON, 'bridge', 'preload.cjs'), 'utf8');
  const wanted = [...source.matchAll(/(?:invoke|sendSync)\('([^']+)'/g)].map((match) => match[1]);
  const messages = fs.readFileSync(path.join(ELECTRON, 'shell', 'messages.js'), 'utf8');
  const answered = [...messages.matchAll(/handle(?:Slowly)?\('([^']+)'/g)].map((match) => match[1]);
  assert.deepEqual(wanted.sort(), answered.sort());
});

test('preload: a drop is told as real paths and never becomes a navigation', () => {
  const { exposed, dom } = preload(APP);
  /** @type {string[][]} */
  const drops = [];
  const end = exposed.djdesk.onFolderDropped((/** @type {string[]} */ paths) => drops.push([...paths]));
  let prevented = 0;
  const event = (/** @type {string[]} */ types, /** @type {object[]} */ list) =>
    ({ preventDefault: () => { prevented += 1; }, dataTransfer: { types, files: list } });
  dom.dragover(event(['Files'], []));
  dom.drop(event(['Files'], [{ realPath: '/home/ü/my shop' }, { realPath: '' }]));
  dom.drop(event(['text/plain'], []));
  end();
  dom.drop(event(['Files'], [{ realPath: '/later' }]));
  assert.deepEqual(drops, [['/home/ü/my shop']]);
  assert.equal(prevented, 3, 'text dropped into a field is left alone');
  assert.throws(() => exposed.djdesk.onFolderDropped('no function'), /function/);
});

test('preload: what the menu and the system hand over waits for the page, and is told once, without the event', async () => {
  const { exposed, heard } = preload(APP);
  /** @type {any[]} */
  const told = [];
  heard['djdesk:menu']({ secret: true }, 'add-shelf');
  heard['djdesk:file-opened']({ secret: true }, '', '/a.regal');
  exposed.djdesk.onMenu('other', () => told.push('never'));
  const end = exposed.djdesk.onMenu('add-shelf', (/** @type {any[]} */ ...args) => told.push(args));
  exposed.djdesk.onFileOpened((/** @type {any[]} */ ...args) => told.push(args));
  await Promise.resolve();
  heard['djdesk:menu']({ secret: true }, 'add-shelf');
  heard['djdesk:file-opened']({ secret: true }, '', '/b.regal');
  end();
  heard['djdesk:menu']({ secret: true }, 'add-shelf');
  assert.deepEqual(told, [[], ['/a.regal'], [], ['/b.regal']]);
  assert.throws(() => exposed.djdesk.onMenu('add-shelf', 'no function'), /function/);
});

test('one brand: the shell\'s pages and the window have the colours of the app\'s pages', () => {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const read = (/** @type {string} */ file) => fs.readFileSync(path.join(root, file), 'utf8');
  const colours = (/** @type {string} */ text) => Object.fromEntries([...text.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name, colour]) => [name, colour]));
  const names = {
    surface: 'surface-1', raised: 'surface-2', line: 'border', text: 'text-1', quiet: 'text-3', accent: 'accent', 'accent-text': 'on-accent', danger: 'error', hover: 'surface-3',
  };
  const [light, dark] = read('electron/pages/style.css').split('@media (prefers-color-scheme: dark)').map(colours);
  for (const [shown, file] of /** @type {const} */ ([[light, 'tokens.css'], [dark, 'dark.css']])) {
    const own = colours(read(`src/djdesk/desktop/static/desktop/${file}`));
    assert.deepEqual(shown, Object.fromEntries(Object.entries(names).map(([here, there]) => [here, own[there]])));
    assert.ok(read('electron/shell/window.js').includes(`'${own['surface-1']}'`), `the window of ${file}`);
  }
  for (const file of files(path.join(root, 'electron', 'pages')).filter((one) => /\.(css|html)$/.test(one) && !one.endsWith('style.css'))) {
    assert.doesNotMatch(read(path.relative(root, file)), /#[0-9a-f]{3,8}\b(?=[;,)])/i, `${file} has colours of its own`);
  }
});
