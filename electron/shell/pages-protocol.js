import fs from 'node:fs';
import path from 'node:path';

import { protocol } from 'electron';

import { DEFAULT_ICON, PAGES } from '../paths.js';
import { catalogueScript, inLanguage } from './page-texts.js';

/** @type {Record<string, string>} */
const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
};

/** Generated: the texts of the pages' scripts. */
const CATALOGUE = 'catalogue.js';
/** The app's own icon, wherever it is. */
const ICON = 'icon';

const POLICY = [
  "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'",
  "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
].join('; ');

/** Must run before Electron is ready. Standard and secure, so that the pages have an origin. */
export function registerShellScheme() {
  protocol.registerSchemesAsPrivileged([{ scheme: 'app', privileges: { standard: true, secure: true } }]);
}

/**
 * Serves `electron/pages/` at app://shell/ within our session.
 * @param {import('../backend/runtime.js').Runtime} runtime
 * @param {Electron.Session} session
 */
export function setupShellPages({ app: { icon } }, session) {
  session.protocol.handle('app', (request) => respond(request.url, icon || DEFAULT_ICON));
}

/**
 * Serves only names that exist in the folder: the URL itself never reaches the file system.
 * @param {string} address
 * @param {string} icon file
 */
function respond(address, icon) {
  const { host, pathname } = new URL(address);
  const name = host === 'shell' ? [...fs.readdirSync(PAGES), CATALOGUE, ICON].find((entry) => `/${entry}` === pathname) : undefined;
  const file = name === ICON ? icon : path.join(PAGES, name || '');
  const type = TYPES[path.extname(file)];
  if (!name || !type) return new Response('Not found', { status: 404 });
  return new Response(name === CATALOGUE ? catalogueScript() : content(file), {
    headers: {
      'Content-Type': type,
      'Content-Security-Policy': POLICY,
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': 'no-store',
    },
  });
}

/** @param {string} file */
function content(file) {
  const bytes = fs.readFileSync(file);
  return path.extname(file) === '.html' ? inLanguage(bytes.toString('utf8')) : bytes;
}
