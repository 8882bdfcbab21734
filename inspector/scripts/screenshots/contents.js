/** A page that lists the pictures, so that they can be looked through. */
import fs from 'node:fs';
import path from 'node:path';

const NAME = /^(?<page>.+)-(?<theme>light|dark)-(?<width>narrow|wide)\.webp$/;

/** @param {string} folder Writes README.md into it. */
export function makeIndex(folder) {
  const files = fs.readdirSync(folder).filter((file) => NAME.test(file)).sort();
  const pages = [...new Set(files.map((file) => NAME.exec(file)?.groups?.page || ''))];
  const rows = pages.map((page) => `| ${page} | ${['light-wide', 'dark-wide', 'light-narrow', 'dark-narrow'].map((look) => `[${look.replace('-', ', ')}](${page}-${look}.webp)`).join(' | ')} |`);
  fs.writeFileSync(path.join(folder, 'README.md'), `# Screenshots

Every page, taken from the running app by \`node inspector/scripts/screenshots.js\`: a project fresh from \`startproject\`
(empty), the sample that comes with DJDesk (small) and a generated one of 300 models (large).

| Page | | | | |
|---|---|---|---|---|
${rows.join('\n')}
`);
}
