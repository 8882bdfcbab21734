import { deepLinkPath } from './deep-link.js';

/**
 * The jump list of Windows: each item starts the app with a link to a page, which needs a scheme.
 * @param {string} scheme @param {{label: string, path: string, folder: string}[]} entries @param {string} program @param {string} name
 * @returns {Electron.JumpListCategory[]}
 */
export function jumpList(scheme, entries, program, name) {
  const items = entries.map((entry) => ({ entry, link: `${scheme}://open${entry.path}` })).filter(({ link }) => deepLinkPath(link, scheme) !== null);
  if (!items.length) return [];
  return [{
    type: 'custom',
    name,
    items: items.map(({ entry, link }) => ({ type: 'task', title: entry.label, description: entry.folder.slice(0, 250), program, args: link, iconPath: program, iconIndex: 0 })),
  }];
}
