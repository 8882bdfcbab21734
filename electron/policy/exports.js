/**
 * Whether this is a plain name of a file in the exports folder. Nothing that leads outside passes.
 * @param {string} name
 */
export const isExportName = (name) => /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/.test(name);
