/** @typedef {(value: unknown) => boolean} Shape */

/** @param {number} max characters @returns {Shape} */
export const text = (max) => (value) => typeof value === 'string' && value.length <= max;
/** @param {...string} words @returns {Shape} */
export const oneOf = (...words) => (value) => typeof value === 'string' && words.includes(value);
/** @type {Shape} */
export const flag = (value) => typeof value === 'boolean';
/** @param {Shape} shape @param {number} max entries @returns {Shape} */
export const listOf = (shape, max) => (value) => Array.isArray(value) && value.length <= max && value.every(shape);
/** A file name extension. @type {Shape} */
export const ending = (value) => typeof value === 'string' && /^[a-z0-9]{1,12}$/i.test(value);
/**
 * An object with exactly these keys.
 * @param {Record<string, Shape>} shapes
 * @returns {Shape}
 */
export const record = (shapes) => (value) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const entries = /** @type {Record<string, unknown>} */ (value);
  const names = Object.keys(shapes);
  return Object.keys(entries).length === names.length
    && names.every((name) => Object.prototype.hasOwnProperty.call(entries, name) && shapes[name](entries[name]));
};

/**
 * Right number of arguments, right shapes.
 * @param {unknown[]} args
 * @param {Shape[]} shapes
 */
export const fitAll = (args, shapes) => args.length === shapes.length && shapes.every((fits, i) => fits(args[i]));
