// The diagram as text: Mermaid and DBML. Pure.
import { shortName } from './measure.js';

/** @typedef {import('./graph.js').Graph} Graph @typedef {import('./graph.js').Edge} Edge @typedef {import('./graph.js').Row} Row */

/** Names in both languages may contain only these characters. @param {string} name */
const word = (name) => name.replace(/[^A-Za-z0-9_]/g, '_') || '_';

/**
 * Unique names for labels that would become the same word.
 * @param {string[]} labels
 * @returns {Map<string, string>}
 */
export function uniqueWords(labels) {
  const names = new Map();
  const taken = new Set();
  for (const label of labels) {
    let name = word(label);
    for (let n = 2; taken.has(name); n += 1) name = `${word(label)}_${n}`;
    taken.add(name);
    names.set(label, name);
  }
  return names;
}

/** @param {Edge} edge */
function crow(edge) {
  if (edge.kind === 'm2m') return '}o--o{';
  if (edge.kind === 'o2o' || edge.kind === 'inherits') return edge.nullable ? '|o--o|' : '|o--||';
  if (edge.kind === 'proxy') return '||..||';
  if (edge.kind === 'generic') return '||..o{';
  return edge.nullable ? '}o--o|' : '}o--||';
}

/**
 * A Mermaid entity relationship diagram of some models.
 * @param {Graph} graph @param {Set<string>} ids
 */
export function toMermaid(graph, ids) {
  const names = uniqueWords([...ids]);
  const lines = ['erDiagram'];
  for (const node of graph.nodes) {
    if (!ids.has(node.id)) continue;
    lines.push(`  ${names.get(node.id)} {`);
    for (const row of node.rows) {
      const key = row.pk ? ' PK' : row.tag === 'FK' || row.tag === '1:1' ? ' FK' : '';
      if (row.tag === 'M:N' || row.tag === 'GR') continue;
      lines.push(`    ${word(row.type || 'Field')} ${word(row.name)}${key}`);
    }
    lines.push('  }');
  }
  for (const edge of graph.edges) {
    if (!ids.has(edge.from) || !ids.has(edge.to)) continue;
    lines.push(`  ${names.get(edge.from)} ${crow(edge)} ${names.get(edge.to)} : "${word(edge.field || edge.kind)}"`);
  }
  return `${lines.join('\n')}\n`;
}

/** @param {string} text */
const quoted = (text) => `"${text.replace(/["\\\n\r]/g, '_')}"`;

/**
 * The model whose table a proxy uses; for any other model, the model itself.
 * @param {Graph} graph @param {string} id
 */
function concrete(graph, id) {
  const seen = new Set();
  let at = id;
  while (graph.byId.get(at)?.note === 'proxy' && !seen.has(at)) {
    seen.add(at);
    at = graph.edges.find((edge) => edge.from === at && edge.kind === 'proxy')?.to || at;
  }
  return at;
}

/**
 * DBML (dbdiagram.io) of some models.
 * @param {Graph} graph @param {Set<string>} ids
 */
export function toDbml(graph, ids) {
  const blocks = [];
  /** @param {string} id */
  const table = (id) => `${quoted(id.slice(0, id.lastIndexOf('.')) || 'app')}.${quoted(shortName(id))}`;
  /** @param {string} id */
  const key = (id) => (graph.byId.get(id)?.rows || []).find((row) => row.pk)?.name || 'id';
  for (const node of graph.nodes) {
    if (!ids.has(node.id) || node.note === 'proxy') continue;
    const rows = node.rows.filter((row) => row.tag !== 'M:N' && row.tag !== 'GR' && row.tag !== 'GFK');
    // References point to the key, so it must be there; a table without columns is an error.
    if (!rows.some((row) => row.pk || row.name === 'id')) rows.unshift({ name: 'id', type: 'AutoField', tag: 'PK', nullable: false, pk: true, to: null, via: null, onDelete: null });
    const lines = rows.map((row) => {
      const settings = [row.pk ? 'pk' : '', row.nullable ? 'null' : ''].filter(Boolean);
      return `  ${quoted(row.name)} ${quoted(row.type || 'Field')}${settings.length ? ` [${settings.join(', ')}]` : ''}`;
    });
    blocks.push(`Table ${table(node.id)} {\n${lines.join('\n')}\n}`);
  }
  const pairs = new Set();
  for (const edge of graph.edges) {
    const to = concrete(graph, edge.to);
    if (!ids.has(edge.from) || !ids.has(to) || graph.byId.get(to)?.note === 'proxy' || edge.kind === 'proxy' || edge.kind === 'generic') continue;
    if (edge.kind === 'm2m' && edge.via) continue;
    const sign = edge.kind === 'm2m' ? '<>' : edge.kind === 'o2o' || edge.kind === 'inherits' ? '-' : '>';
    const from = edge.kind === 'm2m' ? key(edge.from) : edge.field || key(edge.from);
    const ends = [`${table(edge.from)}.${quoted(from)}`, `${table(to)}.${quoted(key(to))}`];
    // Two many-to-many fields between the same models would be duplicate references, an error.
    const pair = [...ends].sort().join(' ');
    if (!pairs.has(pair)) blocks.push(`Ref: ${ends[0]} ${sign} ${ends[1]}`);
    pairs.add(pair);
  }
  return `${blocks.join('\n\n')}\n`;
}
