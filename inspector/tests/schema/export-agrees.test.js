// The same models as Mermaid and DBML: from the page, and from the server's exports.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { PYTHON } from '../../../scripts/setup/environment.js';
import { ROOT } from '../../../scripts/setup/paths.js';
import { toDbml, toMermaid } from '../../inspector/static/inspector/schema/export-text.js';
import { buildGraph } from '../../inspector/static/inspector/schema/graph.js';
import { field, generateModels, model, relation } from '../support/schema-models.js';

const PROGRAM = `
import json, sys
from inspector.lab.graph import build
from inspector.lab.text import dbml, mermaid
graph = build(json.load(sys.stdin))
json.dump({"mermaid": mermaid(graph), "dbml": dbml(graph), "hubs": sorted(graph.hubs)}, sys.stdout)
`;

/** @param {object} data */
function bothWays(data) {
  const graph = buildGraph(data);
  const ids = new Set(graph.nodes.map((node) => node.id));
  const made = spawnSync(PYTHON, ['-X', 'utf8', '-c', PROGRAM], { cwd: ROOT, input: JSON.stringify(data), encoding: 'utf8', timeout: 30000, maxBuffer: 1e8 });
  assert.equal(made.status, 0, made.stderr);
  return { page: { mermaid: toMermaid(graph, ids), dbml: toDbml(graph, ids), hubs: [...graph.hubs].sort() }, server: JSON.parse(made.stdout) };
}

const skip = existsSync(PYTHON) ? false : 'no Python environment';

test('page and server agree on models of every kind', { skip }, () => {
  const { page, server } = bothWays(generateModels(300));
  assert.ok(page.mermaid.length > 50000 && page.dbml.length > 50000);
  assert.deepEqual(server, page);
});

test('page and server agree on names that nobody should choose', { skip }, () => {
  const { page, server } = bothWays({ models: [
    model('a.X"}\nevil', [field('f"] //\n', 'Char"Field'), relation('r', 'a.X__')]), model('a.X__'), model('a.X..'), model('.Nobody'),
    model('ü.Ä😀', [field('naïve 😀', ''), relation('tags', 'a.X__', { kind: 'm2m', through_auto: true }), relation('more', 'a.X__', { kind: 'm2m', through: 'a.X..' })]),
  ] });
  assert.deepEqual(server, page);
});

test('DBML: a reference to a proxy leads to the table that it uses, and no two are the same', { skip }, () => {
  const tags = { kind: 'm2m', through_auto: true };
  const { page, server } = bothWays({ models: [
    model('shop.Part'), model('shop.Cheap', [], { proxy: true, bases: [{ name: 'Part', kind: 'proxy-of', label: 'shop.Part' }] }),
    model('shop.Line', [relation('part', 'shop.Cheap'), relation('a', 'shop.Part', tags), relation('b', 'shop.Part', tags)]),
    { label: 'shop.Bare', app: 'shop', name: 'Bare', fields: [field('x', 'CharField')], bases: [] },
  ] });
  assert.deepEqual(server, page);
  assert.match(page.dbml, /Ref: "shop"\."Line"\."part" > "shop"\."Part"\."id"/);
  assert.equal(page.dbml.split('<>').length - 1, 1);
  assert.match(page.dbml, /Table "shop"\."Bare" \{\n {2}"id" "AutoField" \[pk\]/);
});
