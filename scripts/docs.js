/** `npm run docs`: the documentation site, in build/docs. Arguments after `--` are passed to Sphinx. */
import path from 'node:path';

import { fail } from '../src/djdesk/tools/node/setup/say.js';
import { makeDocuments } from './setup/documents.js';
import { inRoot } from './setup/paths.js';

async function main() {
  const out = inRoot('build', 'docs');
  process.exitCode = await makeDocuments(out, process.argv.slice(2));
  if (process.exitCode === 0) console.log(path.join(out, 'docs', 'index.html'));
}

main().catch(fail);
