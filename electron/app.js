/**
 * The app that this shell shows. Everything specific to it (name, folders, links, menu entries)
 * comes from app.json, which `djdesk` renders from `[tool.djdesk]` in the app's pyproject.toml; no
 * app's name appears anywhere else in the shell.
 */
import fs from 'node:fs';
import path from 'node:path';

import { BRIDGE_SETS } from './policy/bridge.js';

export const FORMAT = 1;

/**
 * A text, or one text per language.
 * @typedef {string | Record<string, string>} Label
 *
 * @typedef {object} MenuEntry opens `path` in the window, or sends `message` to the page (`djdesk.onMenu`)
 * @property {'file' | 'edit' | 'view' | 'go' | 'window' | 'help'} menu
 * @property {Label} [submenu] entries of a menu with the same submenu are grouped
 * @property {Label} label
 * @property {string} [path]
 * @property {string} [message]
 * @property {string} [accelerator] in Electron's notation: `CmdOrCtrl+O`
 *
 * @typedef {object} App
 * @property {string} name shown to users
 * @property {string} id such as `org.example.bookshelf`
 * @property {string} slug for folders, programs and cookies
 * @property {string} version
 * @property {string} description
 * @property {string} publisher
 * @property {string} scheme of its links, or ''
 * @property {string[]} languages the first one is the fallback
 * @property {string} icon absolute path of an SVG or PNG, or ''
 * @property {string} windowIcon absolute path of a PNG, or ''
 * @property {string} root absolute path of the Python project
 * @property {{csp: string, newWindows: string, permissions: {name: string, reason: string}[]}} pages
 * @property {MenuEntry[]} menu
 * @property {string[]} bridge names of BRIDGE_SETS
 * @property {{ext: string, name: string}[]} files file types that it opens
 * @property {Record<string, {command: string[]}>} processes
 * @property {Record<string, unknown>} update
 * @property {string} helpUrl path of its help, or ''
 * @property {string} preferences path of its preferences, or ''
 */

/** The file is missing or invalid. The message names the file and the cause. */
export class AppProblem extends Error {}

/** @typedef {(value: any) => string} Check what is wanted instead, or '' */

/** @type {(wanted: string, test: (value: any) => boolean) => Check} */
const must = (wanted, test) => (value) => (test(value) ? '' : wanted);
/** @param {RegExp} pattern @param {string} wanted */
const like = (pattern, wanted) => must(wanted, (value) => typeof value === 'string' && pattern.test(value));
const line = like(/^[^\p{Cc}]{0,500}$/u, 'one line of text');
const pathOrNone = like(/^(\/([^\p{Cc}\\/][^\p{Cc}\\]{0,500})?)?$/u, 'a path of the app that begins with /');
/** @param {(one: any) => boolean} test @param {string} wanted */
const listOf = (test, wanted) => must(`a list of ${wanted}`, (value) => Array.isArray(value) && value.every(test));
/** @param {any} value */
const isRecord = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);
const record = must('an object', isRecord);
/** @param {any} value */
const isText = (value) => typeof value === 'string' && line(value) === '' && value !== '';
/** @param {any} value */
const isLabel = (value) => isText(value) || (isRecord(value) && Object.values(value).length > 0 && Object.values(value).every(isText));

/** @type {Record<string, Check>} */
const CHECKS = {
  // Valid in folder names on every system.
  name: like(/^[^\p{Cc}\\/:*?"<>|. ]([^\p{Cc}\\/:*?"<>|]{0,58}[^\p{Cc}\\/:*?"<>|. ])?$/u, 'a name of 1 to 60 characters that a folder can have'),
  id: like(/^[A-Za-z][\w-]*(\.[A-Za-z][\w-]*)+$/, 'an identifier such as org.example.bookshelf'),
  slug: like(/^[a-z][a-z0-9-]{0,40}$/, 'a short name of a-z, 0-9 and -'),
  version: like(/^\d[\w.+!-]{0,60}$/, 'a version'),
  description: line,
  publisher: line,
  scheme: like(/^([a-z][a-z0-9+.-]{1,40})?$/, 'the scheme of a link: a-z, 0-9, +, . and -'),
  languages: must('a list of languages such as "en"', (value) => Array.isArray(value) && value.length > 0 && value.every((one) => isText(one) && /^[a-z]{2,3}(-[A-Za-z0-9]+)*$/.test(one))),
  icon: like(/^([^\p{Cc}]{1,500}\.(svg|png))?$/u, 'an SVG or PNG file'),
  windowIcon: like(/^([^\p{Cc}]{1,500}\.png)?$/u, 'a PNG file'),
  root: like(/^[^\0]+$/, 'a folder'),
  pages: record,
  menu: listOf((one) => isRecord(one) && ['file', 'edit', 'view', 'go', 'window', 'help'].includes(one.menu) && isLabel(one.label)
    && (one.submenu === undefined || isLabel(one.submenu))
    && (one.accelerator === undefined || isText(one.accelerator))
    && (isText(one.path) ? pathOrNone(one.path) === '' && one.message === undefined : isText(one.message) && /^[a-z][a-z0-9-]*$/.test(one.message)), 'entries with menu, label and either path or message'),
  bridge: listOf((one) => Object.prototype.hasOwnProperty.call(BRIDGE_SETS, one), Object.keys(BRIDGE_SETS).map((one) => `"${one}"`).join(', ')),
  files: listOf((one) => isRecord(one) && isText(one.ext) && /^[a-z0-9]{1,12}$/i.test(one.ext) && isText(one.name), 'entries with ext and name'),
  // Each has a log file of its name, beside those of the shell's own children.
  processes: must('commands by name (not shell, server, worker or tasks)', (value) => isRecord(value) && Object.entries(value).every(([name, one]) =>
    !['shell', 'server', 'worker', 'tasks'].includes(name) && /^[a-z][a-z0-9-]{0,40}$/.test(name) && isRecord(one) && Array.isArray(one.command) && one.command.length > 0 && one.command.every(isText))),
  update: record,
  helpUrl: pathOrNone,
  preferences: pathOrNone,
};

const DEFAULTS = {
  description: '', publisher: '', scheme: '', languages: ['en'], icon: '', windowIcon: '', pages: {}, menu: [], bridge: [], files: [], processes: {}, update: {}, helpUrl: '', preferences: '',
};

/**
 * Reads and checks an app.json. Unknown keys are ignored.
 * @param {string} file
 * @returns {App}
 * @throws {AppProblem}
 */
export function readApp(file) {
  /** @type {any} */
  let raw;
  try {
    raw = JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch (error) {
    throw new AppProblem(`${file} cannot be read: ${/** @type {Error} */ (error).message}.`);
  }
  if (!isRecord(raw)) throw new AppProblem(`${file} does not hold an object.`);
  if (raw.format !== FORMAT) throw new AppProblem(`${file} is of format ${JSON.stringify(raw.format)}; this shell reads format ${FORMAT}.`);
  const value = { ...DEFAULTS, ...raw };
  for (const [key, check] of Object.entries(CHECKS)) {
    const wanted = check(value[key]);
    if (wanted) throw new AppProblem(`${file}: ${key} is ${JSON.stringify(value[key]) || 'missing'}; it must be ${wanted}.`);
  }
  const folder = path.dirname(path.resolve(file));
  const { csp = 'strict', newWindows = 'own-origin', permissions = [] } = value.pages;
  return {
    ...value,
    root: path.resolve(folder, value.root),
    icon: picture(folder, value.icon),
    windowIcon: picture(folder, value.windowIcon || (value.icon.endsWith('.png') ? value.icon : '')),
    pages: { csp, newWindows, permissions },
  };
}

/**
 * A missing icon does not prevent a start: the shell has a default.
 * @param {string} folder @param {string} name
 */
function picture(folder, name) {
  const file = path.resolve(folder, name);
  return name && fs.existsSync(file) ? file : '';
}

/**
 * @param {string | null} named value of `--app=`; an installed app ignores it
 * @param {string | null} resources the installed app's resources folder, or null in development
 * @returns {App}
 * @throws {AppProblem}
 */
export function findApp(named, resources) {
  if (resources) return readApp(path.join(resources, 'app.json'));
  if (!named) throw new AppProblem('Which app? Name its rendered app.json: --app=PATH. "djdesk start" does so.');
  return readApp(path.resolve(named));
}

/**
 * @param {Label} label
 * @param {string} language
 * @returns {string}
 */
export const labelIn = (label, language) =>
  (typeof label === 'string' ? label : label[language] || label.en || Object.values(label)[0]);
