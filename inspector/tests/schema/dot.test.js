import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { toDot } from '../../inspector/static/inspector/schema/export-dot.js';
import { buildGraph } from '../../inspector/static/inspector/schema/graph.js';
import { field, generateModels, model, relation } from '../support/schema-models.js';

const installed = spawnSync('dot', ['-V']).status === 0;
const skip = installed ? false : 'needs-package: graphviz';
/** @param {ReturnType<typeof buildGraph>} graph */
const all = (graph) => new Set(graph.nodes.map((node) => node.id));
/**
 * @param {string} text @returns {string} the SVG; any output on stderr is a failure, because Graphviz draws something even then
 */
function drawn(text) {
  const { status, stdout, stderr } = spawnSync('dot', ['-Tsvg'], { input: text, encoding: 'utf8' });
  // An unknown font name is not an error of the text.
  assert.deepEqual([status, stderr.split('\n').filter((line) => line && !/font|pango|fontconfig/i.test(line))], [0, []]);
  return stdout;
}

test('a table for each model, a cluster for each app, an edge from field to model', () => {
  const graph = buildGraph({ models: [model('shop.Order', [relation('user', 'people.User', {}, { null: true })]), model('people.User')] });
  const text = toDot(graph, all(graph));
  assert.match(text, /subgraph cluster_0 \{\n {4}label="people";/);
  assert.match(text, /m0:f1 -> m1:head \[arrowtail=crow, arrowhead=teeodot/);
  const only = toDot(graph, new Set(['shop.Order']));
  assert.ok(!only.includes('people') && !only.includes('->'), 'what is not shown is not exported');
});

test('Graphviz draws every model and every edge', { skip }, () => {
  const graph = buildGraph(generateModels(40));
  const svg = drawn(toDot(graph, all(graph)));
  assert.equal(svg.split('class="node"').length - 1, 40);
  assert.equal(svg.split('class="edge"').length - 1, graph.edges.length);
});

test('names that a project chose stay text', { skip }, () => {
  const names = ['X"];evil', '<b>', '&amp;', 'a\\', '\\N\\L', 'x>]; y', 'tab\tnew\nline', '\u0000\u0007', '\ud800', '名前', ']]>', 'graph'];
  const graph = buildGraph({ models: names.map((name, at) => model(`a"b\\${at}.${name}`, [field(name, name), relation(`r ${name}`, `a"b\\0.${names[0]}`)], { app: `app ${name}` })) });
  const svg = drawn(toDot(graph, all(graph)));
  assert.equal(svg.split('class="node"').length - 1, names.length);
  assert.equal(svg.split('class="cluster"').length - 1, names.length);
  assert.ok(svg.includes('X&quot;];evil') && svg.includes('名前') && !svg.includes('<b>'));
});
