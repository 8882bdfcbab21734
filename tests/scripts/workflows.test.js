/** The workflows pass GitHub's own parser, and the scripts they run exist. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import test, { after } from 'node:test';

import { build } from 'esbuild';

import { inRoot } from '../../scripts/setup/paths.js';

const FOLDER = inRoot('.github', 'workflows');
const workflows = fs.readdirSync(FOLDER).filter((name) => name.endsWith('.yml'));
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'workflows-'));
after(() => fs.rmSync(scratch, { recursive: true }));

/** Node does not import the parser's JSON by itself. */
const parser = (async () => {
  const outfile = path.join(scratch, 'parser.cjs');
  await build({ entryPoints: [inRoot('node_modules', '@actions', 'workflow-parser', 'dist', 'index.js')], bundle: true, platform: 'node', format: 'cjs', outfile, logLevel: 'error' });
  return /** @type {typeof import('@actions/workflow-parser')} */ (createRequire(import.meta.url)(outfile));
})();

/**
 * @param {string} name
 * @param {string} content
 */
async function read(name, content) {
  const { parseWorkflow, convertWorkflowTemplate, NoOperationTraceWriter } = await parser;
  const { context, value } = parseWorkflow({ name, content }, new NoOperationTraceWriter());
  const errors = context.errors.getErrors().map((one) => one.message);
  const template = value ? await convertWorkflowTemplate(context, value) : null;
  /** @type {any[]} */
  const steps = (template?.jobs ?? []).flatMap((job) => ('steps' in job ? job.steps : []));
  return { errors, steps };
}

/** @param {string} name */
const text = (name) => fs.readFileSync(path.join(FOLDER, name), 'utf8');

for (const name of workflows) {
  test(`${name}: keys, contexts and expressions are GitHub's`, async () => {
    const { errors, steps } = await read(name, text(name));
    assert.deepEqual(errors, []);
    assert.ok(steps.length > 3);
  });

  test(`${name}: actions by commit`, async () => {
    const { steps } = await read(name, text(name));
    const used = steps.filter((step) => step.uses).map((step) => String(step.uses.value ?? step.uses));
    assert.ok(used.length > 2);
    for (const action of used) assert.match(action, /@[0-9a-f]{40}$/, action);
  });

  test(`${name}: every run is shell that parses, of programs and scripts that are here`, async (t) => {
    const { steps } = await read(name, text(name));
    const runs = steps.filter((step) => step.run).map((step) => String(step.run.value ?? step.run));
    assert.ok(runs.length > 1);
    for (const run of runs) {
      const file = path.join(scratch, 'run.sh');
      fs.writeFileSync(file, run);
      const { status, stderr } = spawnSync('bash', ['-n', file], { encoding: 'utf8' });
      assert.equal(status, 0, stderr);
      for (const [, script] of run.matchAll(/(?:^|\s)((?:\.ci|src|scripts|inspector)\/[\w/.-]+)/g)) {
        // Developers of their own apps may delete the inspector, and have other releases.
        if (!fs.existsSync(inRoot('inspector')) && script.startsWith('inspector/')) continue;
        assert.ok(fs.existsSync(inRoot(script)), `${script} in: ${run}`);
      }
      if (run.startsWith('npm ')) assert.match(run, /^npm (test|run package)/);
    }
    t.diagnostic(`${runs.length} runs`);
  });
}

test('what GitHub would refuse is refused here', async () => {
  const wrong = text('release.yml')
    .replace(/runs-on: ubuntu-22\.04/, 'runs-onn: ubuntu-22.04')
    .replace('secrets.MAC_CERTIFICATE ', 'secretz.MAC_CERTIFICATE ');
  const { errors } = await read('release.yml', wrong);
  assert.ok(errors.some((one) => one.includes("Unexpected value 'runs-onn'")), errors.join('\n'));
  assert.ok(errors.some((one) => one.includes("Unrecognized named-value: 'secretz'")), errors.join('\n'));
});
