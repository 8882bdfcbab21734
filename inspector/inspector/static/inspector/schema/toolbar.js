// The bar above the diagram: level, search, filter, view, export.
import { gettext, ngettext } from '../i18n.js';
import { empty, h, icon } from './dom.js';
import { choice, createMenu } from './menu.js';
import { createSearchbox } from './searchbox.js';
import { FORMATS, exportAs } from './export.js';
import { apps as countApps, models } from './words.js';

/** @typedef {import('./diagram.js').Diagram} Diagram @typedef {import('./scene.js').Level} Level */

let serial = 0;

/** From this many apps on, their list has a search field. */
const MANY_APPS = 12;

/**
 * @param {HTMLElement} root @param {Diagram} diagram @param {(text: string) => void} say @param {HTMLElement} tables the button of the list of tables
 */
export function createToolbar(root, diagram, say, tables) {
  serial += 1;
  const radio = `schema-detail-${serial}`;
  /** @param {string} text @param {() => void} onclick */
  const levelButton = (text, onclick) => h('button', { type: 'button', class: 'schema-segment', text, onclick });
  const apps = levelButton(gettext('Apps'), () => void diagram.go({ kind: 'apps' }));
  const all = levelButton(gettext('Everything'), () => void diagram.go({ kind: 'all' }));
  const crumb = h('div', { class: 'schema-crumb' });

  const searchbox = createSearchbox(diagram, (entry) => {
    if (entry.kind === 'app') void diagram.go({ kind: 'app', app: entry.id });
    else if (diagram.pathFrom) diagram.select(entry.id);
    else diagram.goTo(entry.id, { focus: true });
    if (entry.kind === 'app') diagram.stage.surface.focus({ preventScroll: true });
    say(gettext('{name} shown', { name: entry.id }));
  });

  const filter = createMenu(gettext('Filter'), () => {
    const { hidden } = diagram.options;
    const set = (/** @type {Set<string>} */ next) => void diagram.setOptions({ hidden: next, chosen: true });
    const list = h('div', { class: 'schema-choices', role: 'group', 'aria-label': gettext('Apps shown') }, diagram.graph.apps.map((app) =>
      choice(app.label, `${app.label} (${app.models.length})`, !hidden.has(app.label), (checked) => {
        const next = new Set(diagram.options.hidden);
        if (checked) next.delete(app.label);
        else next.add(app.label);
        set(next);
      }, 'checkbox', `schema-app-${app.color + 1}`)));
    const tick = (/** @type {(label: string) => boolean} */ shown) => {
      list.querySelectorAll('input').forEach((input) => { input.checked = shown(input.name); });
      set(new Set(diagram.graph.apps.filter((app) => !shown(app.label)).map((app) => app.label)));
    };
    const search = h('input', { type: 'search', class: 'schema-menu-search', placeholder: gettext('Find an app'), 'aria-label': gettext('Find an app'), autocomplete: 'off', spellcheck: 'false' });
    search.addEventListener('input', () => {
      const wanted = /** @type {HTMLInputElement} */ (search).value.trim().toLowerCase();
      list.querySelectorAll('label').forEach((label) => { label.hidden = !(label.textContent || '').toLowerCase().includes(wanted); });
    });
    return [
      diagram.graph.apps.length >= MANY_APPS ? search : null,
      h('div', { class: 'schema-menu-actions' }, [
        h('button', { type: 'button', class: 'schema-link', text: gettext('All'), onclick: () => tick(() => true) }),
        diagram.graph.apps.some((app) => !app.own) && diagram.graph.apps.some((app) => app.own)
          ? h('button', { type: 'button', class: 'schema-link', text: gettext('The project’s own'), onclick: () => tick((label) => Boolean(diagram.graph.appOf.get(label)?.own)) }) : null,
        h('button', { type: 'button', class: 'schema-link', text: gettext('None'), onclick: () => tick(() => false) }),
      ]),
      list,
    ];
  });

  const view = createMenu(gettext('View'), (close) => [
    h('fieldset', { class: 'schema-choices' }, [
      h('legend', { text: gettext('Fields on cards') }),
      ...[['all', gettext('All')], ['keys', gettext('Keys and relations')], ['names', gettext('None')]].map(([value, label]) =>
        choice(radio, label, diagram.options.detail === value, () => void diagram.setOptions({ detail: /** @type {any} */ (value) }), 'radio')),
    ]),
    diagram.graph.hubs.size
      ? choice('hubs', ngettext('Draw lines to hubs ({count} model)', 'Draw lines to hubs ({count} models)', diagram.graph.hubs.size), diagram.options.drawHubs, (checked) => void diagram.setOptions({ drawHubs: checked })) : null,
    h('button', { type: 'button', class: 'schema-item', text: gettext('Reset layout'), onclick: () => { close(); void diagram.resetLayout(); } }),
  ]);

  const exports = createMenu(gettext('Export'), (close) => FORMATS.map((format) =>
    h('button', { type: 'button', class: 'schema-item', text: format.label, onclick: () => { close(); void exportAs(format.kind, root, diagram).then(say); } })));

  const element = h('div', { class: 'schema-toolbar', role: 'toolbar', 'aria-label': gettext('Diagram') }, [
    tables,
    h('div', { class: 'schema-segments', role: 'group', 'aria-label': gettext('Level') }, [apps, all]),
    crumb,
    searchbox.element,
    h('div', { class: 'schema-menus' }, [filter.element, view.element, exports.element]),
  ]);

  function refresh() {
    const { level, scene } = diagram;
    apps.setAttribute('aria-pressed', String(level.kind === 'apps'));
    all.setAttribute('aria-pressed', String(level.kind === 'all'));
    apps.hidden = diagram.graph.apps.length < 2;
    const { hidden } = diagram.options;
    const some = diagram.graph.apps.filter((app) => hidden.has(app.label)).length;
    filter.setLabel(some ? gettext('Filter ({shown} of {all})', { shown: diagram.graph.apps.length - some, all: diagram.graph.apps.length }) : gettext('Filter'));
    filter.element.hidden = diagram.graph.apps.length < 2;
    empty(crumb);
    if (diagram.canGoBack) crumb.append(h('button', { type: 'button', class: 'schema-icon-button', 'aria-label': gettext('Back'), title: gettext('Back (Escape)'), onclick: () => { if (diagram.selected) diagram.select(null); diagram.back(); } }, [icon('back')]));
    if (level.kind === 'app') crumb.append(h('strong', { text: level.app }), h('span', { class: 'schema-count', text: models(scene ? scene.nodes.length : 0) }));
    else if (level.kind === 'near') crumb.append(h('strong', { text: level.id }), hops(level));
    else {
      const shown = scene ? scene.nodes.length : 0;
      const [total, count] = level.kind === 'apps' ? [diagram.graph.apps.length, countApps] : [diagram.graph.nodes.length, models];
      crumb.append(h('span', { class: 'schema-count', text: shown < total && scene ? gettext('{shown} of {total}', { shown: count(shown), total }) : count(total) }));
    }
  }

  /** @param {Extract<Level, {kind: 'near'}>} level */
  function hops(level) {
    return h('div', { class: 'schema-segments', role: 'group', 'aria-label': gettext('Distance') }, [1, 2].map((count) =>
      h('button', { type: 'button', class: 'schema-segment', 'aria-pressed': String(level.hops === count), text: ngettext('{count} step', '{count} steps', count), onclick: () => void diagram.go({ ...level, hops: count }, { select: level.id }) })));
  }

  diagram.listen((change) => {
    if (change === 'graph') searchbox.refresh();
    if (change === 'scene' || change === 'graph') refresh();
  });
  refresh();
  return {
    element,
    searchbox,
    destroy() {
      filter.destroy();
      view.destroy();
      exports.destroy();
    },
  };
}
