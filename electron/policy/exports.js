/**
 * Is this the plain name of a file of the exports folder, as an app should make them? Nothing
 * that leads out of the folder is.
 * @param {string} name
 */
export const isExportName = (name) => /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/.test(name);
