/** The list of tests for Windows' Python names existing files. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';

import { windowsFiles } from '../../scripts/checks/windows.js';
import { ROOT } from '../../scripts/setup/paths.js';

test('every test of the lists is there', () => {
  const folders = [ROOT, ...fs.readdirSync(ROOT).map((name) => path.join(ROOT, name))].filter((folder) => windowsFiles(folder).length);
  assert.ok(folders.includes(ROOT));
  for (const folder of folders) {
    for (const name of windowsFiles(folder)) {
      const [file, function_] = name.split('::');
      const text = fs.readFileSync(path.join(folder, file), 'utf8');
      if (function_) assert.ok(text.includes(`def ${function_}(`), name);
    }
  }
});

test('comments and empty lines are no tests; a folder without a list has none', (t) => {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'windows-'));
  t.after(() => fs.rmSync(dir, { recursive: true }));
  assert.deepEqual(windowsFiles(dir), []);
  fs.mkdirSync(path.join(dir, 'tests'));
  fs.writeFileSync(path.join(dir, 'tests', 'windows.txt'), '# why\n\ntests/a.py::test_b # slow\n');
  assert.deepEqual(windowsFiles(dir), ['tests/a.py::test_b']);
});
