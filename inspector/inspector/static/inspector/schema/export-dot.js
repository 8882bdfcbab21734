// The diagram as Graphviz source. Pure.
import { rowType, shortName } from './measure.js';

/** @typedef {import('./graph.js').Graph} Graph @typedef {import('./graph.js').Edge} Edge */

/** Characters not allowed in XML 1.0, and therefore in an HTML-like label. */
const UNSAYABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** @param {string} text inside an HTML-like label */
const html = (text) => text.replace(UNSAYABLE, '').replace(/\s+/g, ' ').replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;') || ' ';

/** In a quoted string, Graphviz treats a single backslash as an escape. @param {string} text */
const quoted = (text) => `"${text.replace(UNSAYABLE, '').replace(/\s+/g, ' ').replace(/\\/g, '\\\\').replace(/"/g, '\\"')}"`;

/**
 * Arrowheads for the cardinality, in crow's foot notation.
 * @param {Edge} edge
 * @returns {[string, string]} tail, head
 */
function ends(edge) {
  if (edge.kind === 'inherits' || edge.kind === 'proxy') return ['none', 'empty'];
  const head = edge.kind === 'm2m' || edge.kind === 'generic' ? 'crow' : edge.nullable ? 'teeodot' : 'tee';
  return [edge.kind === 'o2o' || edge.kind === 'generic' ? 'tee' : 'crow', head];
}

/**
 * A digraph with one cluster per app and one table per model.
 * @param {Graph} graph @param {Set<string>} ids
 */
export function toDot(graph, ids) {
  // Numbered ids, because cleaned project names may collide or have a meaning in Graphviz.
  const number = new Map(graph.nodes.map((node, at) => [node.id, `m${at}`]));
  const lines = [
    'digraph schema {',
    '  rankdir=LR;',
    '  node [shape=plain, fontname="Helvetica", fontsize=11];',
    '  edge [dir=both, fontname="Helvetica", fontsize=9, color="#64748b"];',
  ];
  graph.apps.forEach((app, index) => {
    const models = app.models.filter((id) => ids.has(id));
    if (!models.length) return;
    lines.push(`  subgraph cluster_${index} {`, `    label=${quoted(app.label)};`, '    color="#cbd5e1";');
    for (const id of models) lines.push(`    ${number.get(id)} [label=<${table(graph, id)}>];`);
    lines.push('  }');
  });
  for (const edge of graph.edges) {
    if (!ids.has(edge.from) || !ids.has(edge.to)) continue;
    const rows = graph.byId.get(edge.from)?.rows || [];
    const at = rows.findIndex((row) => row.name === edge.field);
    const [tail, head] = ends(edge);
    const dash = edge.kind === 'proxy' || edge.kind === 'generic' ? ', style=dashed' : '';
    lines.push(`  ${number.get(edge.from)}${at < 0 ? '' : `:f${at}`} -> ${number.get(edge.to)}:head [arrowtail=${tail}, arrowhead=${head}${dash}, tooltip=${quoted(`${edge.from}.${edge.field || edge.kind} to ${edge.to}`)}];`);
  }
  return `${lines.join('\n')}\n}\n`;
}

/** @param {Graph} graph @param {string} id */
function table(graph, id) {
  const rows = graph.byId.get(id)?.rows || [];
  const cells = rows.map((row, at) => `<tr><td port="f${at}" align="left">${html(row.name)}</td><td align="left">${html(row.tag || ' ')}</td><td align="left">${html(rowType(row) + (row.nullable ? '?' : ''))}</td></tr>`);
  return `<table border="0" cellborder="1" cellspacing="0" cellpadding="4"><tr><td port="head" colspan="3" bgcolor="#e2e8f0"><b>${html(shortName(id))}</b></td></tr>${cells.join('')}</table>`;
}
