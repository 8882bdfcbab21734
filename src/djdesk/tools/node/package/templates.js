/**
 * The scripts and entries that packages carry, from packaging/: `@name@` is replaced by a value, and
 * `@name:sh@` by the value quoted for that kind of file.
 */
import fs from 'node:fs';
import path from 'node:path';

import { categoryOf, installedProgram, mimeTypeOf, programOf } from './names.js';

/** @type {Record<string, (text: string) => string>} */
const QUOTE = {
  // A quoted shell word.
  sh: (text) => `'${text.replaceAll("'", "'\\''")}'`,
  // A value in a desktop entry.
  desktop: (text) => text.replaceAll('\\', '\\\\'),
  // Inside double quotes.
  nsis: (text) => text.replaceAll('$', '$$$$').replaceAll('"', '$\\"'),
};
/** Values that need no quoting anywhere. */
const PLAIN = /^[A-Za-z0-9+.;/-]*$/;

/**
 * @param {import('./names.js').PackagedApp} app
 * @returns {Record<string, string>}
 */
const valuesOf = (app) => ({
  name: app.name,
  description: app.description,
  slug: app.slug,
  scheme: app.scheme,
  program: programOf(app),
  'installed-program': installedProgram(app),
  category: categoryOf(app),
  'mime-types': [...(app.scheme ? [`x-scheme-handler/${app.scheme}`] : []), ...app.files.map((file) => mimeTypeOf(app, file))].map((one) => `${one};`).join(''),
});

/**
 * @param {string} text
 * @param {Record<string, string>} values
 * @param {string} where for error messages
 */
export function fill(text, values, where) {
  return text.replace(/@([a-z]+(?:-[a-z]+)*)(?::([a-z]+))?@/g, (_all, name, kind) => {
    const value = Object.prototype.hasOwnProperty.call(values, name) ? values[name] : undefined;
    if (value === undefined || (kind && !QUOTE[kind])) throw new Error(`${where}: there is no @${name}${kind ? `:${kind}` : ''}@.`);
    if (!kind && !PLAIN.test(value)) throw new Error(`${where}: @${name}@ is ${JSON.stringify(value)}, which must be quoted there.`);
    return kind ? QUOTE[kind](value) : value;
  });
}

/**
 * Renders them for one app.
 * @param {import('./names.js').PackagedApp} app
 * @param {string} assets the templates
 * @param {string} out folder; its content is replaced
 */
export function renderTemplates(app, assets, out) {
  const values = valuesOf(app);
  fs.rmSync(out, { recursive: true, force: true });
  for (const entry of fs.readdirSync(assets, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const folder = path.join(out, path.relative(assets, entry.parentPath));
    fs.mkdirSync(folder, { recursive: true });
    const file = path.join(folder, entry.name === 'app.desktop' ? `${programOf(app)}.desktop` : entry.name);
    const text = fill(fs.readFileSync(path.join(entry.parentPath, entry.name), 'utf8'), values, entry.name);
    // Drop keys without a value, which are invalid.
    fs.writeFileSync(file, entry.name.endsWith('.desktop') ? text.replace(/^\w+=\n/gm, '') : text, { mode: entry.name.endsWith('.sh') ? 0o755 : 0o644 });
  }
  if (app.files.length) fs.writeFileSync(path.join(out, 'linux', `${programOf(app)}.xml`), mimeInfo(app));
}

/** @type {Record<string, string>} */
const ESCAPES = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Its file types, for the system's MIME database. @param {import('./names.js').PackagedApp} app */
const mimeInfo = (app) => `<?xml version="1.0" encoding="utf-8"?>
<mime-info xmlns="http://www.freedesktop.org/standards/shared-mime-info">
${app.files.map((file) => `  <mime-type type="${mimeTypeOf(app, file)}">
    <comment>${file.name.replace(/[&<>]/g, (sign) => ESCAPES[sign])}</comment>
    <glob pattern="*.${file.ext}"/>
  </mime-type>
`).join('')}</mime-info>
`;
