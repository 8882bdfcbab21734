import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toDbml, toMermaid, uniqueWords } from '../../inspector/static/inspector/schema/export-text.js';
import { toSvg } from '../../inspector/static/inspector/schema/export-svg.js';
import { buildGraph } from '../../inspector/static/inspector/schema/graph.js';
import { sceneFor } from '../../inspector/static/inspector/schema/scene.js';
import { field, model, relation } from '../support/schema-models.js';

const graph = buildGraph({ models: [
  model('catalog.Book', [field('title', 'CharField'), relation('author', 'catalog.Author', {}, { null: true }), relation('tags', 'catalog.Tag', { kind: 'm2m', through_auto: true })]),
  model('catalog.Author'), model('catalog.Tag'),
  model('catalog.Profile', [relation('author', 'catalog.Author', { kind: 'o2o' })]),
] });
const all = new Set(graph.nodes.map((node) => node.id));

test('Mermaid: entities with their columns, relations with how many', () => {
  assert.equal(toMermaid(graph, new Set(['catalog.Book', 'catalog.Author'])), `erDiagram
  catalog_Book {
    BigAutoField id PK
    ForeignKey author FK
    CharField title
  }
  catalog_Author {
    BigAutoField id PK
  }
  catalog_Book }o--o| catalog_Author : "author"
`);
  assert.match(toMermaid(graph, all), /catalog_Book }o--o{ catalog_Tag : "tags"/);
  assert.match(toMermaid(graph, all), /catalog_Profile \|o--\|\| catalog_Author : "author"/);
});

test('DBML: tables and references by key', () => {
  const text = toDbml(graph, all);
  assert.match(text, /Table "catalog"\."Book" \{\n {2}"id" "BigAutoField" \[pk\]\n {2}"author" "ForeignKey" \[null\]\n {2}"title" "CharField"\n\}/);
  assert.match(text, /Ref: "catalog"\."Book"\."author" > "catalog"\."Author"\."id"/);
  assert.match(text, /Ref: "catalog"\."Book"\."id" <> "catalog"\."Tag"\."id"/);
  assert.match(text, /Ref: "catalog"\."Profile"\."author" - "catalog"\."Author"\."id"/);
});

test('names that a project chose cannot leave their place', () => {
  const bad = buildGraph({ models: [model('a.X"}\nevil', [field('f"] //\n', 'Char"Field')]), model('a.X__'), model('a.X..')] });
  const ids = new Set(bad.nodes.map((node) => node.id));
  const names = uniqueWords([...ids]);
  assert.equal(new Set(names.values()).size, 3);
  assert.ok(!toMermaid(bad, ids).includes('evil"'));
  assert.ok(toMermaid(bad, ids).split('\n').every((line) => !line.startsWith('evil')));
  assert.ok(toDbml(bad, ids).split('\n').every((line) => !line.startsWith('evil')));
});

test('SVG: stands alone, escapes what the project wrote, has every card and edge', () => {
  const hostile = buildGraph({ models: [model('a.<script>', [field('"><b>', 'CharField'), relation('r', 'a.B')]), model('a.B')] });
  const scene = sceneFor(hostile, { kind: 'all' }, { detail: 'all', drawHubs: false, hidden: new Set() });
  const boxes = new Map(scene.nodes.map((node, at) => [node.id, { x: at * 400, y: 0, w: node.w, h: node.h }]));
  const palette = { surface: '#fff', card: '#fff', text: '#000', quiet: '#555', border: '#ccc', edge: '#888', apps: ['#00f'] };
  const { text, width } = toSvg(hostile, scene, boxes, [], { detail: 'all', palette, title: 'A & B', regionNames: [] });
  assert.match(text, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
  assert.ok(!/<script|<b>|style=/.test(text));
  assert.ok(text.includes('&lt;script&gt;') && text.includes('A &amp; B'));
  assert.equal(text.split('<g transform').length - 1, 2);
  assert.match(text, /<title>a\.&lt;script&gt;\.r → a\.B<\/title>/);
  assert.ok(width > 400);
  for (const [, value] of text.matchAll(/ (?:x|y|width|height)="([^"]*)"/g)) assert.ok(Number.isFinite(Number(value)), value);
});
