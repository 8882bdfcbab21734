/** Ids of the web contents that this shell created. @type {Set<number>} */
const own = new Set();

/**
 * @param {Electron.WebContents} contents
 */
export function registerOwnContents(contents) {
  const { id } = contents;
  own.add(id);
  contents.once('destroyed', () => own.delete(id));
}

/** @param {number | undefined} id */
export const isOwnContents = (id) => id !== undefined && own.has(id);
