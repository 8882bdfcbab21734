/** Follows docs/starter.md word for word: runs its commands and applies its changes. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

import { inRoot } from '../../../scripts/setup/paths.js';
import { canPackage, run, until } from './developer.js';

/** @returns {{language: string, text: string}[]} */
const blocks = () => [...fs.readFileSync(inRoot('docs', 'starter.md'), 'utf8').matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)]
  .map(([, language, text]) => ({ language, text }));

/**
 * @param {object} reader
 * @param {string} reader.work the folder with the wheel, where the reader starts
 * @param {Record<string, string>} reader.env
 * @param {import('playwright-core').Page} reader.page the reader's browser
 * @param {boolean} reader.whole builds every package in the tutorial, not just the quickest one
 * @param {(line: string) => void} reader.tell
 * @returns {Promise<{seconds: number, commands: number, edited: number, files: number}>} the effort: time,
 *     commands typed, files edited by hand; and the number of files that `djdesk new` created
 */
export async function followTutorial({ work, env, page, whole, tell }) {
  const app = path.join(work, 'shelf');
  const begun = performance.now();
  /** State of the reader's terminal between commands. */
  let before = '';
  let commands = 0;
  let edited = 0;
  let files = 0;
  /** @type {import('node:child_process').ChildProcess | null} */
  let running = null;
  let said = '';
  /** @param {string} script */
  const shell = (script) => run(['sh', '-ec', before + script], { cwd: work, env });
  try {
    for (const { language, text } of blocks()) {
      const at = performance.now();
      if (language === 'sh') commands += text.trim().split('\n').length;
      if (language === 'toml') {
        const table = fs.readFileSync(path.join(app, 'pyproject.toml'), 'utf8').replace(/ +#.*$/gm, '');
        assert(table.includes(text.trim()), `pyproject.toml has\n${text}`);
      } else if (language === 'diff') {
        const change = path.join(work, '..', 'change.diff');
        fs.writeFileSync(change, text);
        run(['git', 'apply', change], { cwd: app, env });
        edited += text.match(/^\+\+\+ /gm)?.length ?? 0;
        await until(() => /Models of shelf have changes that are in no migration/.test(said), 'it warns of a missing migration').catch((error) => assert.fail(`${error.message}:\n${said}`));
        await page.waitForSelector('label >> text=Author');
      } else if (text.trim() === 'djdesk start') {
        running = spawn('sh', ['-ec', `${before}exec djdesk start`], { cwd: work, env, stdio: ['ignore', 'pipe', 'pipe'] });
        running.stderr?.on('data', (data) => { said += data; });
        const found = await until(() => /Open this address yourself[\s\S]*?(http:\/\/\S+)/.exec(said), 'an address for the browser').catch((error) => assert.fail(`${error.message}:\n${said}`));
        await page.goto(String(found?.[1]));
        await page.waitForSelector('h1 >> text=Documents');
        await page.click('text=Add a document');
        await page.waitForSelector('label >> text=File');
      } else if (text.includes('makemigrations')) {
        assert.match(shell(text), /0002_document_author/);
        await page.waitForSelector('label >> text=Author');
      } else if (text.includes('djdesk package')) {
        if (!canPackage) continue;
        shell(whole ? text : `${text.trim()} --targets tar.gz`);
        const made = fs.readdirSync(path.join(app, 'dist'));
        for (const kind of whole ? [/\.AppImage$/, /\.tar\.gz$/, /\.deb$/] : [/\.tar\.gz$/]) assert(process.platform !== 'linux' || made.some((name) => kind.test(name)), `${kind} in ${made}`);
      } else {
        shell(text);
        if (text.includes('djdesk new')) files = run(['git', 'ls-files', '--others', '--cached', '--exclude-standard'], { cwd: app, env }).trim().split('\n').length;
        // An activated environment and a changed folder persist.
        before += text.split('\n').filter((line) => /^(\. |cd )/.test(line)).map((line) => `${line} && `).join('');
      }
      tell(`${Math.round((performance.now() - at) / 1000)} s: ${text.split('\n')[0]}`);
    }
    assert(said, 'the app was started');
    return { seconds: Math.round((performance.now() - begun) / 1000), commands, edited, files };
  } finally {
    const gone = running && running.exitCode === null ? new Promise((resolve) => { running?.once('exit', resolve); }) : null;
    running?.kill('SIGTERM');
    await gone;
  }
}
