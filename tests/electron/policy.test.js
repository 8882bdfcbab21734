import assert from 'node:assert/strict';
import test from 'node:test';

import { parseArguments } from '../../electron/policy/arguments.js';
import { contextItems } from '../../electron/policy/context-menu.js';
import { decideAfterCrash } from '../../electron/policy/crashes.js';
import { mayDownload } from '../../electron/policy/downloads.js';
import { isExportName } from '../../electron/policy/exports.js';
import { externalLink } from '../../electron/policy/external-links.js';
import { decideAfterGpuCrash, mayUseGpu } from '../../electron/policy/gpu.js';
import { historyTarget } from '../../electron/policy/history.js';
import { barHeight } from '../../electron/policy/bars.js';
import { decideAfterHang } from '../../electron/policy/hangs.js';
import { maySend } from '../../electron/policy/ipc-senders.js';
import { decideFrameNavigation, decideNavigation, decideNewWindow } from '../../electron/policy/navigation.js';
import { openedFile } from '../../electron/policy/opened-files.js';
import { isTranslocated } from '../../electron/policy/translocation.js';
import { appAddress, originOf } from '../../electron/policy/origin.js';
import { decidePermission, GRANTED } from '../../electron/policy/permissions.js';
import { mayCarryToken, mayRequest } from '../../electron/policy/requests.js';
import { BACKOFF_MS, decideRestart } from '../../electron/policy/restart.js';
import { ending, fitAll, flag, listOf, oneOf, record, text } from '../../electron/policy/shapes.js';
import { placeWindow } from '../../electron/policy/window-bounds.js';

const origin = 'http://127.0.0.1:20001';
const page = `${origin}/`;
const splash = 'app://shell/splash.html';

const PDF_VIEWER = 'chrome-extension://mhjfbmdgcfjbbpaeojofohoefgiehjai/index.html';
/** URLs that look like ours to a careless comparison. */
const LOOKALIKES = [
  'http://127.0.0.1:20001.evil.example/', 'http://127.0.0.1:200011/', 'http://127.0.0.1/', 'http://localhost:20001/',
  'http://[::1]:20001/', 'https://127.0.0.1:20001/', 'http://user@127.0.0.1:20001/', 'http://127.0.0.1:20001@evil.example/',
  'http://evil.example/?http://127.0.0.1:20001/', 'ws://127.0.0.1:20001/', 'app://shell.evil/', 'app://other/splash.html', '', 'nonsense',
];

test('origin: exact, or nothing', () => {
  assert.equal(originOf('http://127.0.0.1:20001/a?b#c'), origin);
  assert.equal(originOf('HTTP://127.0.0.1:20001'), origin);
  assert.equal(originOf(splash), 'app://shell');
  assert.equal(originOf('http://127.1:20001/'), origin, 'another spelling of the same address');
  for (const url of ['data:text/html,x', 'about:blank', 'file:///etc/passwd', 'javascript:1', 'http://u:p@127.0.0.1:20001/', null, 7]) {
    assert.equal(originOf(url), null, String(url));
  }
});

test('origin: a path stays in the app', () => {
  assert.equal(appAddress('/projects/3/?a=b#c', origin), `${origin}/projects/3/?a=b#c`);
  for (const path of ['//evil.example/', '/\\evil.example/', '\\\\evil', 'https://evil.example', 'relative', '', null, 3]) {
    assert.equal(appAddress(path, origin), null, String(path));
  }
  assert.equal(appAddress('/', null), null);
});

test('navigation: own origin stays, links go out, the rest goes nowhere', () => {
  assert.equal(decideNavigation({ to: `${origin}/x`, from: page, origin }), 'allow');
  assert.equal(decideNavigation({ to: `blob:${origin}/1`, from: page, origin }), 'allow', 'a preview that a page made');
  assert.equal(decideNavigation({ to: splash, from: splash, origin: null }), 'allow');
  assert.equal(decideNavigation({ to: splash, from: page, origin }), 'deny', 'a page cannot call up the shell');
  assert.equal(decideNavigation({ to: page, from: splash, origin: null }), 'deny', 'no server, no page');
  assert.equal(decideNavigation({ to: 'https://docs.djangoproject.com/', from: page, origin }), 'external');
  for (const to of LOOKALIKES.filter((url) => !url.startsWith('https:'))) {
    assert.equal(decideNavigation({ to, from: page, origin }), 'deny', to);
  }
  for (const to of ['file:///etc/passwd', 'javascript:alert(1)', 'data:text/html,x', 'about:blank', 'http://example.org/', 'smb://x/y', 'ms-settings:', 'blob:http://127.0.0.1:1/x', PDF_VIEWER]) {
    assert.equal(decideNavigation({ to, from: page, origin }), 'deny', to);
  }
});

test('new windows: those of the app, from the app, if it wants them', () => {
  const decide = (/** @type {string} */ to, from = page, newWindows = 'own-origin') => decideNewWindow({ to, from, origin, newWindows });
  for (const to of [`${origin}/x`, 'about:blank', 'about:blank#blocked', '', `blob:${origin}/1`]) {
    for (const from of [page, 'about:blank', '', `blob:${origin}/1`]) assert.equal(decide(to, from), 'allow', `${to} from ${from}`);
    assert.equal(decide(to, page, 'none'), 'deny', to);
    assert.equal(decide(to, splash), 'deny', 'a page of the shell opens nothing');
    assert.equal(decideNewWindow({ to, from: '', origin: null, newWindows: 'own-origin' }), 'deny', 'no server, no window');
  }
  assert.equal(decide('https://docs.djangoproject.com/'), 'external');
  for (const to of [...LOOKALIKES.filter((url) => url && !url.startsWith('https:')), splash, 'file:///x', 'data:text/html,x', 'blob:https://evil.example/x', PDF_VIEWER]) {
    assert.equal(decide(to), 'deny', to);
  }
});

test('frames: our own pages, nothing else, nothing outside', () => {
  for (const to of [`blob:${origin}/1`, PDF_VIEWER]) assert.equal(decideFrameNavigation({ to, origin }), 'allow', to);
  assert.equal(decideFrameNavigation({ to: `${origin}/drawer/`, origin }), 'allow');
  for (const to of [...LOOKALIKES, 'https://example.org/', splash, 'data:text/html,x', 'file:///x']) {
    assert.equal(decideFrameNavigation({ to, origin }), 'deny', to);
  }
});

test('external links: https and mailto, written anew', () => {
  assert.equal(externalLink('  HTTPS://Example.org/a b'), 'https://example.org/a%20b');
  assert.equal(externalLink('https://exa\nmple.org/'), 'https://example.org/');
  assert.equal(externalLink('mailto:a@example.org?subject=Hi'), 'mailto:a@example.org?subject=Hi');
  for (const url of [
    'http://example.org/', 'file:///etc/passwd', 'javascript:alert(1)', 'ftp://x/', 'vscode://x', 'data:text/html,x', 'https://',
    'https://user:pw@example.org/', 'mailto:nobody', 'mailto:a@b?attach=/etc/passwd', `https://example.org/${'x'.repeat(5000)}`, '', null, {},
  ]) {
    assert.equal(externalLink(url), null, String(url).slice(0, 60));
  }
});

test('permissions: the table for our own page, nothing else for anybody', () => {
  for (const permission of Object.keys(GRANTED)) {
    assert.equal(decidePermission({ permission, requester: page, origin, mainFrame: true }), true, permission);
    assert.equal(decidePermission({ permission, requester: page, origin, mainFrame: false }), false);
    assert.equal(decidePermission({ permission, requester: splash, origin, mainFrame: true }), false);
    for (const requester of LOOKALIKES) {
      assert.equal(decidePermission({ permission, requester, origin, mainFrame: true }), false, requester);
    }
  }
  for (const permission of [
    'media', 'geolocation', 'notifications', 'midiSysex', 'pointerLock', 'openExternal', 'hid', 'serial', 'usb', 'clipboard-read',
    'display-capture', 'fileSystem', 'idle-detection', 'toString', '__proto__', 'something-new',
  ]) {
    assert.equal(decidePermission({ permission, requester: page, origin, mainFrame: true }), false, permission);
  }
});

test('permissions: what the app allows with a reason, for its own page only', () => {
  const allowed = [{ name: 'media', reason: 'scans the codes on the shelves' }, { name: 'geolocation', reason: '' }];
  assert.equal(decidePermission({ permission: 'media', requester: page, origin, mainFrame: true, allowed }), true);
  assert.equal(decidePermission({ permission: 'media', requester: page, origin, mainFrame: false, allowed }), false);
  assert.equal(decidePermission({ permission: 'media', requester: splash, origin, mainFrame: true, allowed }), false);
  assert.equal(decidePermission({ permission: 'geolocation', requester: page, origin, mainFrame: true, allowed }), false, 'without a reason');
  assert.equal(decidePermission({ permission: 'hid', requester: page, origin, mainFrame: true, allowed }), false);
});

test('ipc: top frame of the right audience only', () => {
  assert.equal(maySend('app', { url: page, topFrame: true, origin }), true);
  assert.equal(maySend('shell', { url: splash, topFrame: true, origin }), true);
  assert.equal(maySend('app', { url: splash, topFrame: true, origin }), false);
  assert.equal(maySend('shell', { url: page, topFrame: true, origin }), false);
  assert.equal(maySend('app', { url: page, topFrame: false, origin }), false, 'a frame in our page');
  assert.equal(maySend('app', { url: null, topFrame: true, origin }), false, 'a frame that is gone');
  assert.equal(maySend('app', { url: page, topFrame: true, origin: null }), false);
  for (const url of LOOKALIKES) {
    for (const audience of /** @type {const} */ (['app', 'shell'])) {
      assert.equal(maySend(audience, { url, topFrame: true, origin }), false, url);
    }
  }
});

test('shapes: arguments of a message, exactly', () => {
  const note = record({ title: text(5), loud: flag });
  assert.ok(fitAll([{ title: 'hello', loud: false }], [note]));
  assert.ok(fitAll([], []));
  for (const args of [
    [], [{}], [null], [[]], ['hello'], [{ title: 'hello' }], [{ title: 'hello!', loud: true }], [{ title: 'a', loud: 1 }],
    [{ title: 'a', loud: true, more: 1 }], [{ title: ['a'], loud: true }], [{ title: 'a', loud: true }, 'more'],
    [Object.create({ title: 'a', loud: true })], [{ title: 'a', toString: true }],
  ]) {
    assert.equal(fitAll(args, [note]), false, JSON.stringify(args));
  }
  assert.ok(oneOf('light', 'dark')('dark'));
  for (const value of ['', 'Dark', 'pink', ['dark'], null, undefined, 1]) assert.equal(oneOf('light', 'dark')(value), false, String(value));
});

test('history: back and forward lead to pages of the app, past those of the shell', () => {
  const urls = [page, splash, `${origin}/a/`, 'app://shell/error.html', `${origin}/b/`, ...LOOKALIKES];
  const go = (/** @type {number} */ active, /** @type {-1 | 1} */ step) => historyTarget({ urls, active, step, origin });
  assert.equal(go(2, -1), 0);
  assert.equal(go(2, 1), 4);
  assert.equal(go(4, -1), 2);
  assert.equal(go(0, -1), null);
  assert.equal(go(4, 1), null, 'what only looks like ours is not gone to');
  assert.equal(historyTarget({ urls, active: 2, step: -1, origin: null }), null);
});

test('context menu: what one does with text, a selection, a link to the web, and nothing else', () => {
  const editFlags = { canUndo: false, canRedo: false, canCut: true, canCopy: true, canPaste: true, canSelectAll: true };
  const at = (/** @type {object} */ place) => contextItems({ isEditable: false, selectionText: '', linkURL: '', editFlags, ...place });
  const names = (/** @type {object} */ place) => at(place).map((item) => ('role' in item ? item.role : 'link' in item ? item.link : '-')).join(' ');
  assert.equal(names({ isEditable: true }), 'undo redo - cut copy paste - selectAll');
  assert.equal(at({ isEditable: true }).filter((item) => 'enabled' in item && !item.enabled).length, 2);
  assert.equal(names({ selectionText: 'shop' }), 'copy');
  assert.equal(names({ linkURL: 'https://docs.djangoproject.com/' }), 'https://docs.djangoproject.com/');
  for (const place of [{}, { selectionText: ' ' }, { linkURL: page }, { linkURL: 'file:///etc/passwd' }, { linkURL: 'javascript:alert(1)' }, { linkURL: splash }]) {
    assert.deepEqual(at(place), [], JSON.stringify(place));
  }
});

test('requests: only to our server and our pages', () => {
  for (const url of [page, splash, PDF_VIEWER, `blob:${origin}/x`, 'data:image/png;base64,', 'devtools://devtools/bundled/x']) {
    assert.equal(mayRequest({ url, origin }), true, url);
  }
  for (const url of [...LOOKALIKES, 'https://example.org/', 'file:///etc/passwd', 'blob:https://evil.example/x', 'ftp://x/', 'chrome://gpu/', 'chrome-extension://aaaa/index.html']) {
    assert.equal(mayRequest({ url, origin }), false, url);
  }
  assert.equal(mayRequest({ url: page, origin: null }), false);
});

test('token: own window, own frame, own origin, all three', () => {
  const good = /** @type {Parameters<typeof mayCarryToken>[0]} */ ({ url: page, origin, window: 'own', alone: true, document: false, frameUrl: page, initiator: null });
  for (const frameUrl of [page, splash, '', 'about:blank', 'chrome-error://chromewebdata/', null]) {
    assert.equal(mayCarryToken({ ...good, frameUrl }), true, String(frameUrl));
  }
  assert.equal(mayCarryToken({ ...good, window: 'foreign', initiator: origin }), false);
  assert.equal(mayCarryToken({ ...good, window: 'unknown' }), false);
  assert.equal(mayCarryToken({ ...good, window: 'unknown', initiator: 'https://evil.example' }), false);
  assert.equal(mayCarryToken({ ...good, window: 'unknown', initiator: origin }), true, 'a worker of ours');
  assert.equal(mayCarryToken({ ...good, window: 'unknown', document: true }), true, 'a load that the shell began');
  assert.equal(mayCarryToken({ ...good, window: 'unknown', document: true, initiator: 'https://evil.example' }), false);
  assert.equal(mayCarryToken({ ...good, window: 'foreign', document: true }), false);
  for (const unnamed of [{ document: true }, { initiator: origin }]) {
    const facts = /** @type {typeof good} */ ({ ...good, window: 'unknown', ...unnamed });
    assert.equal(mayCarryToken({ ...facts, alone: false }), false, 'somebody else may have made it');
    assert.equal(mayCarryToken({ ...facts, frameUrl: 'https://evil.example/' }), false, 'the frame is known, and is not ours');
    assert.equal(mayCarryToken({ ...facts, frameUrl: null }), true);
  }
  assert.equal(mayCarryToken({ ...good, alone: false }), true, 'its window is known');
  assert.equal(mayCarryToken({ ...good, frameUrl: 'https://evil.example/' }), false);
  assert.equal(mayCarryToken({ ...good, url: splash }), false);
  assert.equal(mayCarryToken({ ...good, origin: null }), false);
  for (const url of LOOKALIKES) assert.equal(mayCarryToken({ ...good, url }), false, url);
});

test('restart: growing pauses, an end, and forgiveness', () => {
  let now = 1e6;
  /** @type {number[]} */
  let earlier = [];
  for (const delayMs of BACKOFF_MS) {
    const decision = decideRestart({ earlier, now, readySince: now });
    assert.equal(decision.action === 'restart' && decision.delayMs, delayMs);
    earlier = decision.exits;
    now += delayMs;
  }
  assert.equal(decideRestart({ earlier, now, readySince: now }).action, 'give-up');
  const healthy = decideRestart({ earlier, now: now + 60000, readySince: now });
  assert.deepEqual(healthy, { action: 'restart', delayMs: 500, attempt: 1, exits: [now + 60000] });
  assert.equal(decideRestart({ earlier, now: now + 61000, readySince: null }).action, 'restart', 'old exits are forgotten');
});

test('window: kept on a display', () => {
  const main = { x: 0, y: 0, width: 1920, height: 1040 };
  const left = { x: -1280, y: 0, width: 1280, height: 1024 };
  const saved = { x: -1200, y: 50, width: 900, height: 700 };
  assert.deepEqual(placeWindow(saved, [main, left]), saved);
  assert.deepEqual(placeWindow(saved, [main]), { x: 510, y: 170, width: 900, height: 700 }, 'its display is gone');
  assert.deepEqual(placeWindow(null, [main]), { x: 320, y: 110, width: 1280, height: 820 });
  assert.deepEqual(placeWindow({ x: 1700, y: 900, width: 900, height: 700 }, [main]), { x: 1020, y: 340, width: 900, height: 700 });
  assert.deepEqual(placeWindow({ x: 0, y: 0, width: 5000, height: 5000 }, [main]), main);
  assert.deepEqual(placeWindow({ x: 10, y: 10, width: 3, height: 3 }, [main]).width, 720, 'a sliver is not a window');
});

test('arguments: both spellings, and refusals', () => {
  const plain = { app: null, dataDir: null, open: true, safeMode: false, quit: false, update: '', rehearse: false, updateFolder: '', problem: null };
  assert.deepEqual(parseArguments([]), plain);
  assert.deepEqual(parseArguments(['--data-dir', '/a b', '--no-open', '--safe-mode']), { ...plain, dataDir: '/a b', open: false, safeMode: true });
  assert.deepEqual(parseArguments(['--data-dir=/a=b']), { ...plain, dataDir: '/a=b' });
  assert.deepEqual(parseArguments(['--update-folder=/media/a stick', '--update=0123456789abcdef', '--rehearse']), { ...plain, updateFolder: '/media/a stick', update: '0123456789abcdef', rehearse: true });
  assert.deepEqual(parseArguments(['--update-folder=', '--update-folder', '--update=x']), plain);
  assert.deepEqual(parseArguments(['--no-sandbox', '--disable-gpu', '/some/file']).problem, null);
  for (const argv of [['--data-dir'], ['--data-dir', '--no-open'], ['--data-dir=']]) {
    assert.match(parseArguments(argv).problem || '', /needs a folder/);
  }
  assert.equal(parseArguments(['--data-dir', '--no-open']).open, false);
  assert.equal(parseArguments(['--app=/a b/app.json'], { strict: true }).app, '/a b/app.json');
  assert.equal(parseArguments(['--quit', 'djdesk://open/']).quit, true);
  assert.match(parseArguments(['--quit'], { strict: true }).problem || '', /--quit/, 'the browser shell ends with its terminal');
  assert.match(parseArguments(['--nope'], { strict: true }).problem || '', /--nope/);
});

test('crashes: reload once, then say so, and end before it goes round for ever', () => {
  assert.equal(decideAfterCrash({ reason: 'crashed', now: 5, earlier: [] }), 'reload');
  assert.equal(decideAfterCrash({ reason: 'oom', now: 50000, earlier: [5] }), 'error-page');
  assert.equal(decideAfterCrash({ reason: 'killed', now: 90000, earlier: [5] }), 'reload');
  assert.equal(decideAfterCrash({ reason: 'crashed', now: 9, earlier: [5, 6, 7, 8] }), 'quit');
  assert.equal(decideAfterCrash({ reason: 'clean-exit', now: 6, earlier: [5] }), 'ignore');
});

test('hangs: reload once, then the error page; whoever waits is asked again', () => {
  assert.equal(decideAfterHang({ now: 5, earlier: [], waiting: false }), 'reload');
  assert.equal(decideAfterHang({ now: 9 * 60000, earlier: [5], waiting: false }), 'error-page');
  assert.equal(decideAfterHang({ now: 20 * 60000, earlier: [5], waiting: false }), 'reload', 'another day, another chance');
  assert.equal(decideAfterHang({ now: 10, earlier: [5], waiting: true }), 'ask');
});

test('graphics: three crashes within a minute, on this machine only', () => {
  /** @param {number[]} times */
  const after = (times) => times.reduce((/** @type {{earlier: number[], giveUp: boolean}} */ { earlier }, now) =>
    decideAfterGpuCrash({ reason: 'crashed', now, earlier }), { earlier: [], giveUp: false }).giveUp;
  assert.equal(after([0, 1000]), false);
  assert.equal(after([0, 1000, 59000]), true);
  assert.equal(after([0, 1000, 61001]), false);
  assert.deepEqual(decideAfterGpuCrash({ reason: 'clean-exit', now: 3, earlier: [1, 2] }), { earlier: [1, 2], giveUp: false });
  assert.equal(mayUseGpu(null, 'ab'), true);
  assert.equal(mayUseGpu({ machine: 'ab' }, 'ab'), false);
  assert.equal(mayUseGpu({ machine: 'ab' }, 'cd'), true, 'the data folder came along, the driver did not');
});

test('downloads: what our page offers in our window', () => {
  for (const url of [`${origin}/report.zip`, `blob:${origin}/0-1-2`]) {
    assert.equal(mayDownload({ url, origin, own: true }), true, url);
    assert.equal(mayDownload({ url, origin, own: false }), false, url);
    assert.equal(mayDownload({ url, origin: null, own: true }), false, url);
  }
  for (const url of [...LOOKALIKES, 'data:text/plain,x', 'blob:https://evil.example/1', 'blob:null/1', 'file:///etc/passwd', splash]) {
    assert.equal(mayDownload({ url, origin, own: true }), false, url);
  }
});

test('exports: only the plain name of a file of the folder is pointed at', () => {
  for (const name of ['shop-report-2026-11-21-7.html', 'a', 'a.b', `a${'x'.repeat(199)}`]) assert.equal(isExportName(name), true, name);
  for (const name of ['', '.', '..', '.hidden', '../a', 'a/b', 'a\\b', 'C:a', 'a b', 'a\n', 'a\0', 'ü', `a${'x'.repeat(200)}`, '-a']) {
    assert.equal(isExportName(name), false, JSON.stringify(name));
  }
});

test('shapes: lists and endings', () => {
  assert.ok(listOf(ending, 2)(['csv', 'PNG']) && listOf(ending, 2)([]));
  for (const value of [['a', 'b', 'c'], ['.csv'], ['a/b'], ['*'], [''], [7], 'csv', null, { length: 0 }]) assert.ok(!listOf(ending, 2)(value), JSON.stringify(value));
});

test('a file that was opened with the app: of its kinds, by its whole path', () => {
  const kinds = [{ ext: 'regal' }, { ext: 'BOOKS' }];
  assert.equal(openedFile(['/opt/app', '--no-sandbox', '/home/ü/my shelf.Regal'], kinds), '/home/ü/my shelf.Regal');
  assert.equal(openedFile(['C:\\a.books'], kinds), 'C:\\a.books');
  for (const word of ['a.regal', '--data-dir=/x.regal', '/a.regal.exe', '/aregal', 'file:///a.regal', '/a\0.regal', '']) assert.equal(openedFile([word], kinds), null, word);
  assert.equal(openedFile(['/a.regal'], []), null);
});

test('a copy that macOS runs from a hidden place is noticed', () => {
  assert.ok(isTranslocated('/private/var/folders/x/T/AppTranslocation/1F-2/d/Shelf.app/Contents/MacOS/Shelf', 'darwin'));
  assert.ok(!isTranslocated('/Applications/Shelf.app/Contents/MacOS/Shelf', 'darwin'));
  assert.ok(!isTranslocated('/home/u/AppTranslocation/shelf', 'linux'));
});

test('a bar has room for its words in a narrow window, too', () => {
  assert.deepEqual([320, 639, 640, 1360].map(barHeight), [116, 116, 56, 56]);
});
