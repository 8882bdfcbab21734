/** docs/starter.md, followed word by word: its commands are run, its changes applied. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';

import { chromium } from 'playwright-core';

import { findBrowser } from '../../scripts/checks/find-browser.js';
import { PYTHON } from '../../scripts/setup/environment.js';
import { inRoot } from '../../scripts/setup/paths.js';
import { buildWheel, canPackage, developer, run, until, WINDOWS } from './support/developer.js';

const browserPath = findBrowser();
const skip = WINDOWS ? 'its commands are a POSIX shell\'s' : browserPath ? false : 'no Chromium';

/** @typedef {{language: string, text: string}} Block */

/** @returns {Block[]} */
const blocks = () => [...fs.readFileSync(inRoot('docs', 'starter.md'), 'utf8').matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)]
  .map(([, language, text]) => ({ language, text }));

test('the tutorial works as it is written', { skip }, async (t) => {
  const top = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'tutorial é ')));
  const tools = path.join(top, 'tools');
  fs.mkdirSync(tools);
  fs.mkdirSync(path.join(top, 'home'));
  fs.symlinkSync(PYTHON, path.join(tools, 'python3'));
  const env = developer(path.join(top, 'home'), { bin: tools, more: { DJDESK_COMPRESSION: 'store' } });
  // Where there is no display, the tutorial says, the browser is used; it is this test's.
  delete env.DISPLAY;
  delete env.WAYLAND_DISPLAY;
  const work = path.join(top, 'work');
  fs.mkdirSync(work);
  buildWheel(work);

  const browser = await chromium.launch({ executablePath: String(browserPath), args: ['--no-sandbox', '--disable-background-networking'] });
  const page = await browser.newPage();
  const inApp = 'cd shelf && . ../shelf-env/bin/activate && ';
  /** @param {string} script @param {string} [before] */
  const shell = (script, before = inApp) => run(['sh', '-ec', before + script], { cwd: work, env });

  /** @type {import('node:child_process').ChildProcess | null} */
  let app = null;
  let said = '';
  t.after(async () => {
    const running = app && app.exitCode === null ? new Promise((resolve) => { app?.once('exit', resolve); }) : null;
    app?.kill('SIGTERM');
    await running;
    await browser.close();
    fs.rmSync(top, { recursive: true, force: true, maxRetries: 10 });
  });
  for (const { language, text } of blocks()) {
    t.diagnostic(`${Math.round(performance.now() / 1000)} s: ${text.split('\n')[0]}`);
    if (language === 'toml') {
      const table = fs.readFileSync(path.join(work, 'shelf', 'pyproject.toml'), 'utf8').replace(/ +#.*$/gm, '');
      assert(table.includes(text.trim()), `pyproject.toml has\n${text}`);
    } else if (language === 'diff') {
      const change = path.join(top, 'change.diff');
      fs.writeFileSync(change, text);
      run(['git', 'apply', change], { cwd: path.join(work, 'shelf'), env });
      await until(() => /Models of shelf have changes that are in no migration/.test(said), `it warns of a missing migration:\n${said}`);
    } else if (text.trim() === 'djdesk start') {
      app = spawn('sh', ['-ec', `${inApp}exec djdesk start`], { cwd: work, env, stdio: ['ignore', 'pipe', 'pipe'] });
      app.stderr?.on('data', (data) => { said += data; });
      const found = await until(() => /Open this address yourself[\s\S]*?(http:\/\/\S+)/.exec(said), 'an address for the browser').catch((error) => assert.fail(`${error.message}:\n${said}`));
      await page.goto(String(found?.[1]));
      await page.waitForSelector('h1 >> text=Documents');
      await page.click('text=Add a document');
    } else if (text.includes('makemigrations')) {
      assert.match(shell(text), /0002_document_author/);
      await page.waitForSelector('label >> text=Author');
    } else if (text.includes('djdesk package')) {
      if (!canPackage) continue;
      // A stand-in for fpm takes minutes to compress what fpm packs in seconds.
      const standIn = Boolean(process.env.CUSTOM_FPM_PATH);
      shell(`${text.trim()}${standIn ? ' --targets AppImage,tar.gz' : ''}`);
      const made = fs.readdirSync(path.join(work, 'shelf', 'dist'));
      for (const kind of [/\.AppImage$/, /\.tar\.gz$/, ...(standIn ? [] : [/\.deb$/])]) assert(process.platform !== 'linux' || made.some((name) => kind.test(name)), `${kind} in ${made}`);
    } else {
      const begins = text.includes('venv') || text.includes('djdesk new');
      shell(text, begins ? (text.includes('djdesk new') ? '. shelf-env/bin/activate && ' : '') : inApp);
    }
  }
  assert(said, 'the app was started');
});
