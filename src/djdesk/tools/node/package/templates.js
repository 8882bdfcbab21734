/**
 * The scripts and entries that packages carry, from packaging/: `@name@` stands for a value, and
 * `@name:sh@` for one that is written as that kind of file wants it.
 */
import fs from 'node:fs';
import path from 'node:path';

import { categoryOf, installedProgram, mimeTypeOf, programOf } from './names.js';

/** @type {Record<string, (text: string) => string>} */
const QUOTE = {
  // One word of a shell.
  sh: (text) => `'${text.replaceAll("'", "'\\''")}'`,
  // A value of a desktop entry.
  desktop: (text) => text.replaceAll('\\', '\\\\'),
  // Inside of double quotes.
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
 * @param {string} where for the message
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
 * Writes them for one app.
 * @param {import('./names.js').PackagedApp} app
 * @param {string} assets the templates
 * @param {string} out folder; what is in it is replaced
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
    // An entry without a value is not one.
    fs.writeFileSync(file, entry.name.endsWith('.desktop') ? text.replace(/^\w+=\n/gm, '') : text, { mode: entry.name.endsWith('.sh') ? 0o755 : 0o644 });
  }
  if (app.files.length) fs.writeFileSync(path.join(out, 'linux', `${programOf(app)}.xml`), mimeInfo(app));
}

/** @type {Record<string, string>} */
const ESCAPES = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Its kinds of files, for the system's database of them. @param {import('./names.js').PackagedApp} app */
const mimeInfo = (app) => `<?xml version="1.0" encoding="utf-8"?>
<mime-info xmlns="http://www.freedesktop.org/standards/shared-mime-info">
${app.files.map((file) => `  <mime-type type="${mimeTypeOf(app, file)}">
    <comment>${file.name.replace(/[&<>]/g, (sign) => ESCAPES[sign])}</comment>
    <glob pattern="*.${file.ext}"/>
  </mime-type>
`).join('')}</mime-info>
`;
