// Exports what the diagram shows now as downloads.
import { gettext } from '../i18n.js';
import { toDot } from './export-dot.js';
import { toDbml, toMermaid } from './export-text.js';
import { toSvg } from './export-svg.js';

/** @typedef {'svg'|'png'|'mermaid'|'dbml'|'dot'} Format @typedef {import('./diagram.js').Diagram} Diagram */

/** @type {{kind: Format, label: string}[]} */
export const FORMATS = [
  { kind: 'svg', label: gettext('SVG picture') },
  { kind: 'png', label: gettext('PNG picture') },
  { kind: 'mermaid', label: 'Mermaid (.mmd)' },
  { kind: 'dbml', label: 'DBML' },
  { kind: 'dot', label: 'Graphviz (.dot)' },
];

/** A larger canvas stays empty without an error. */
const MOST_PIXELS = 120e6;
const MOST_SIDE = 16000;

/**
 * @param {Format} kind @param {HTMLElement} root @param {Diagram} diagram @returns {Promise<string>} a message about the result
 */
export async function exportAs(kind, root, diagram) {
  const name = (root.dataset.name || 'schema').replace(/[^\w.-]+/g, '-').slice(0, 60);
  try {
    if (kind === 'mermaid') return save(`${name}.mmd`, new Blob([toMermaid(diagram.graph, shownModels(diagram))], { type: 'text/plain' }));
    if (kind === 'dbml') return save(`${name}.dbml`, new Blob([toDbml(diagram.graph, shownModels(diagram))], { type: 'text/plain' }));
    if (kind === 'dot') return save(`${name}.dot`, new Blob([toDot(diagram.graph, shownModels(diagram))], { type: 'text/plain' }));
    const picture = svg(diagram, name);
    if (kind === 'svg') return save(`${name}.svg`, new Blob([picture.text], { type: 'image/svg+xml' }));
    const { blob, scale } = await png(picture);
    const saved = save(`${name}.png`, blob);
    return scale < 1 ? `${saved} ${gettext('At {percent} %, the largest that a PNG can be.', { percent: Math.round(scale * 100) })}` : saved;
  } catch (error) {
    return gettext('Export failed: {reason}', { reason: error instanceof Error ? error.message : String(error) });
  }
}

/** On the map of apps: the models of all visible apps. @param {Diagram} diagram @returns {Set<string>} */
function shownModels({ scene, graph }) {
  const nodes = scene ? scene.nodes : [];
  return new Set(nodes.reduce((/** @type {string[]} */ ids, node) => ids.concat(node.kind === 'app' ? graph.appOf.get(node.id)?.models || [] : [node.id]), []));
}

/** @param {Diagram} diagram @param {string} title */
function svg({ graph, scene, stage, options }, title) {
  if (!scene) throw new Error(gettext('nothing is shown yet'));
  return toSvg(graph, scene, stage.boxes, stage.regions.map((region) => region.box), { detail: options.detail, palette: stage.theme, title, regionNames: stage.regions.map((region) => region.name), courses: stage.courses });
}

/** @param {{text: string, width: number, height: number}} picture @returns {Promise<{blob: Blob, scale: number}>} */
async function png({ text, width, height }) {
  const scale = Math.min(2, MOST_SIDE / width, MOST_SIDE / height, Math.sqrt(MOST_PIXELS / (width * height)));
  const image = new Image();
  await new Promise((resolve, reject) => {
    image.onload = resolve;
    image.onerror = () => reject(new Error(gettext('the picture could not be drawn')));
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  });
  const canvas = document.createElement('canvas');
  canvas.width = Math.floor(width * scale);
  canvas.height = Math.floor(height * scale);
  /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d')).drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((/** @type {(blob: Blob|null) => void} */ resolve) => canvas.toBlob(resolve, 'image/png'));
  if (!blob) throw new Error(gettext('the picture is too large for a PNG; SVG has no such limit'));
  return { blob, scale };
}

/** @param {string} name @param {Blob} blob */
function save(name, blob) {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60000);
  return gettext('{name} saved.', { name });
}
