import fs from 'node:fs';
import path from 'node:path';

import { protocol } from 'electron';

import { PAGES } from '../paths.js';
import { catalogueScript, inLanguage } from './page-texts.js';

/** @type {Record<string, string>} */
const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Made, not kept: the texts of the pages' scripts. */
const CATALOGUE = 'catalogue.js';

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
 * @param {Electron.Session} session
 */
export function setupShellPages(session) {
  session.protocol.handle('app', (request) => respond(request.url));
}

/**
 * Only names that are in the folder are served: nothing of the address reaches the file system.
 * @param {string} address
 */
function respond(address) {
  const { host, pathname } = new URL(address);
  const name = host === 'shell' ? [...fs.readdirSync(PAGES), CATALOGUE].find((entry) => `/${entry}` === pathname) : undefined;
  const type = name ? TYPES[path.extname(name)] : undefined;
  if (!name || !type) return new Response('Not found', { status: 404 });
  return new Response(content(name), {
    headers: {
      'Content-Type': type,
      'Content-Security-Policy': POLICY,
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': 'no-store',
    },
  });
}

/** @param {string} name */
function content(name) {
  if (name === CATALOGUE) return catalogueScript();
  const bytes = fs.readFileSync(path.join(PAGES, name));
  return path.extname(name) === '.html' ? inLanguage(bytes.toString('utf8')) : bytes;
}
