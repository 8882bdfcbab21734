/** Checks that a user of an app never sees djdesk mentioned, except as what the app is built with. */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

import { extractFile, listPackage } from '@electron/asar';

/**
 * Names and texts in an installed app that mention djdesk. The runtime's own code, whose package has that
 * name, does not count.
 * @param {object} app
 * @param {string} app.place where it is installed
 * @param {string} app.slug
 * @param {string} app.home of its user
 * @param {Record<string, string>} app.env of its user
 * @param {Record<string, string>} app.pages text of its pages, by name
 * @returns {string[]} `place: line`; empty when there is none
 */
export function mentions({ place, slug, home, env, pages }) {
  const share = path.join(home, '.local', 'share');
  const own = ['resources/app.json', `${slug}-app.desktop`, 'install.sh', 'uninstall.sh'].map((name) => path.join(place, name));
  const made = listed(share).filter((name) => /\.(desktop|json)$/.test(name) && !name.includes('/browser/')).map((name) => path.join(share, name));
  /** @type {[string, string][]} */
  const texts = [...own, ...made].map((file) => [path.basename(file), fs.readFileSync(file, 'utf8')]);
  const archive = path.join(place, 'resources', 'app.asar');
  for (const name of listPackage(archive, { isPack: false }).filter((one) => one.endsWith('.html'))) {
    texts.push([name, String(extractFile(archive, name.slice(1)))]);
  }
  texts.push(...Object.entries(pages), ...commandLine(path.join(home, '.local', 'bin', slug), env));
  const names = [place, path.join(place, 'resources'), path.join(place, 'resources', 'backend', 'bin'), path.join(home, '.local', 'bin')]
    .flatMap((folder) => fs.readdirSync(folder)).concat(listed(share));
  texts.push(['names of files', names.join('\n')], ['LICENSES.txt', licences(place)]);
  return texts.flatMap(([where, text]) => text.split('\n').filter((line) => /djdesk/i.test(line)).map((line) => `${where}: ${line.trim()}`));
}

/** @param {string} folder */
const listed = (folder) => fs.readdirSync(folder, { recursive: true, encoding: 'utf8' });

/**
 * The help output of it and each of its commands.
 * @param {string} command
 * @param {Record<string, string>} env
 * @returns {[string, string][]}
 */
function commandLine(command, env) {
  const say = (/** @type {string[]} */ ...words) => execFileSync(command, words, { env, encoding: 'utf8' });
  const help = say('--help');
  const commands = [...help.matchAll(/^ {4}([a-z]+) /gm)].map(([, name]) => name);
  if (!commands.length) throw new Error(`no commands in ${help}`);
  return [['--version', say('--version')], ['--help', help], ...commands.map((name) => /** @type {[string, string]} */ ([`${name} --help`, say(name, '--help')]))];
}

/** The licences without the lines about what the app is built with. @param {string} place */
function licences(place) {
  const builtWith = /^What .* contains, and under which licences\. Built with DJDesk\.$|^( {2})?djdesk \d|Copyright/;
  return fs.readFileSync(path.join(place, 'resources', 'LICENSES.txt'), 'utf8').split('\n').filter((line) => !builtWith.test(line)).join('\n');
}
