import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildGraph, hubThreshold, relationsOf } from '../../inspector/static/inspector/schema/graph.js';
import { neighbourhood, shortestPath } from '../../inspector/static/inspector/schema/walk.js';
import { firstLevel, sceneFor, validLevel } from '../../inspector/static/inspector/schema/scene.js';
import { field, generateModels, model, relation } from '../support/schema-models.js';

const options = { detail: /** @type {'all'} */ ('all'), drawHubs: false, hidden: new Set() };
const data = (/** @type {any[]} */ ...models) => ({ models, abstract: [], errors: [] });

test('keys and relations come first on a card, the rest in the order of the source', () => {
  const graph = buildGraph(data(model('blog.Post', [field('title', 'CharField'), relation('author', 'blog.Author'), field('body', 'TextField')]), model('blog.Author')));
  assert.deepEqual(graph.nodes[0].rows.map((row) => `${row.tag} ${row.name}`), ['PK id', 'FK author', ' title', ' body']);
});

test('each kind of relation becomes its kind of edge', () => {
  const graph = buildGraph(data(
    model('a.Base'),
    model('a.Child', [field('base_ptr', 'OneToOneField', { rel: { kind: 'o2o', to: 'a.Base', parent_link: true } })], { bases: [{ name: 'Base', kind: 'multi-table', label: 'a.Base' }] }),
    model('a.Proxy', [relation('x', 'a.Base')], { proxy: true, bases: [{ name: 'Base', kind: 'proxy-of', label: 'a.Base' }] }),
    model('a.All', [relation('fk', 'a.Base', {}, { null: true }), relation('one', 'a.Base', { kind: 'o2o' }), relation('many', 'a.Base', { kind: 'm2m', through_auto: true }),
      relation('joined', 'a.Base', { kind: 'm2m', through: 'a.Join' }), relation('things', 'a.Base', { kind: 'generic-relation' }), relation('any', /** @type {any} */ (null), { kind: 'generic' })]),
    model('a.Join'),
  ));
  assert.deepEqual(graph.edges.map((edge) => [edge.from, edge.field, edge.kind, edge.nullable, edge.via]), [
    ['a.Child', '', 'inherits', false, null],
    ['a.Proxy', '', 'proxy', false, null],
    ['a.All', 'fk', 'fk', true, null],
    ['a.All', 'one', 'o2o', false, null],
    ['a.All', 'many', 'm2m', false, null],
    ['a.All', 'joined', 'm2m', false, 'a.Join'],
    ['a.All', 'things', 'generic', false, null],
  ]);
  const drawn = sceneFor(graph, { kind: 'all' }, options).edges.map((edge) => edge.id);
  assert.ok(!drawn.includes('a.All:joined:a.Base'), 'the join table draws this connection itself');
});

test('a model that does not exist, comes twice or made itself is no card and no edge', () => {
  const graph = buildGraph(data(model('a.A', [relation('gone', 'b.Missing')]), model('a.A'), model('a.A_tags', [], { auto_created: 'a.A' })));
  assert.deepEqual(graph.nodes.map((node) => node.id), ['a.A']);
  assert.deepEqual(graph.edges, []);
  assert.equal(graph.nodes[0].rows[1].to, 'b.Missing');
});

test('damaged data is an empty or smaller graph, never an error', () => {
  for (const bad of [null, undefined, {}, { models: null }, { models: [null, 3, {}, { label: 7 }] }]) assert.deepEqual(buildGraph(bad).nodes, []);
  const graph = buildGraph({ models: [{ label: 'a.B', fields: [null, {}, { name: 'x' }], bases: [null, {}] }] });
  assert.deepEqual(graph.nodes[0].rows.map((row) => row.name), ['x']);
  assert.equal(graph.nodes[0].app, 'a');
});

test('a hub is more than twelve relations and more than six per cent of the models', () => {
  assert.equal(hubThreshold(100), 12);
  assert.equal(hubThreshold(1000), 60);
  const pointing = (/** @type {number} */ count) => buildGraph(data(model('a.User'), ...Array.from({ length: count }, (_, at) => model(`b.M${at}`, [relation('user', 'a.User')]))));
  assert.deepEqual([...pointing(12).hubs], []);
  const graph = pointing(13);
  assert.deepEqual([...graph.hubs], ['a.User']);
  assert.equal(sceneFor(graph, { kind: 'all' }, options).edges.length, 0, 'edges to a hub are chips');
  assert.equal(sceneFor(graph, { kind: 'all' }, { ...options, drawHubs: true }).edges.length, 13);
  assert.equal(sceneFor(graph, { kind: 'near', id: 'b.M0', hops: 1 }, options).edges.length, 1, 'but drawn around the model that is looked at');
});

test('small projects open on everything, large ones on their apps', () => {
  assert.equal(firstLevel(buildGraph(generateModels(25))).kind, 'all');
  assert.equal(firstLevel(buildGraph(generateModels(60))).kind, 'apps');
  assert.equal(firstLevel(buildGraph(data(...Array.from({ length: 40 }, (_, at) => model(`one.M${at}`))))).kind, 'all', 'a map of one app says nothing');
});

test('a level that a re-scan removed falls back to the first', () => {
  const graph = buildGraph(generateModels(12));
  assert.deepEqual(validLevel(graph, { kind: 'near', id: 'gone.Model', hops: 1 }), { kind: 'all' });
  assert.deepEqual(validLevel(graph, { kind: 'app', app: 'gone' }), { kind: 'all' });
});

test('the app map counts relations between apps, once per direction', () => {
  const graph = buildGraph(data(model('a.A', [relation('b', 'b.B'), relation('b2', 'b.B'), relation('self', 'a.A')]), model('b.B', [relation('a', 'a.A')])));
  const scene = sceneFor(graph, { kind: 'apps' }, options);
  assert.deepEqual(scene.edges.map((edge) => [edge.source, edge.target, edge.weight]), [['a', 'b', 2], ['b', 'a', 1]]);
  assert.deepEqual(sceneFor(graph, { kind: 'apps' }, { ...options, hidden: new Set(['b']) }).nodes.map((node) => node.id), ['a']);
});

test('a neighbourhood has sides, and does not pass through a hub', () => {
  const graph = buildGraph(data(model('h.User'), model('a.Mid', [relation('to', 'a.End'), relation('user', 'h.User')]), model('a.End'), model('a.Before', [relation('mid', 'a.Mid')]),
    ...Array.from({ length: 13 }, (_, at) => model(`b.M${at}`, [relation('user', 'h.User')]))));
  assert.deepEqual([...neighbourhood(graph, 'a.Mid', 2)], [['a.Mid', 0], ['a.End', 1], ['h.User', 1], ['a.Before', -1]]);
});

test('the shortest path goes around hubs where it can, and through them where it must', () => {
  const users = Array.from({ length: 13 }, (_, at) => model(`b.M${at}`, [relation('user', 'h.User')]));
  const graph = buildGraph(data(model('h.User'), ...users, model('a.X', [relation('m', 'b.M0')]), model('a.Y', [relation('x', 'a.X'), relation('m', 'b.M1')]), model('z.Alone')));
  assert.deepEqual(shortestPath(graph, 'b.M0', 'b.M1')?.nodes, ['b.M0', 'a.X', 'a.Y', 'b.M1']);
  assert.deepEqual(shortestPath(graph, 'b.M3', 'b.M4')?.nodes, ['b.M3', 'h.User', 'b.M4']);
  assert.equal(shortestPath(graph, 'b.M3', 'z.Alone'), null);
  assert.equal(shortestPath(graph, 'b.M3', 'not.There'), null);
});

test('the text alternative lists every relation once, a self-relation as outgoing', () => {
  const graph = buildGraph(data(model('a.Node', [relation('parent', 'a.Node')]), model('a.Leaf', [relation('node', 'a.Node')])));
  const { out, into } = relationsOf(graph, 'a.Node');
  assert.deepEqual([out.map((edge) => edge.field), into.map((edge) => edge.from)], [['parent'], ['a.Leaf']]);
});
