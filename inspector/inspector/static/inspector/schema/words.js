// Counts of things, in the language of the page.
import { gettext, ngettext } from '../i18n.js';

/** @param {number} count */
export const models = (count) => ngettext('{count} model', '{count} models', count);
/** @param {number} count */
export const apps = (count) => ngettext('{count} app', '{count} apps', count);
/** @param {number} count */
export const fields = (count) => ngettext('{count} field', '{count} fields', count);
/** @param {number} count */
export const moreFields = (count) => ngettext('{count} more field', '{count} more fields', count);
/** Relations in both directions. @param {{out: number, into: number}} facts */
export const relations = ({ out, into }) => ngettext('{count} relation to and {into} from other apps', '{count} relations to and {into} from other apps', out, { into });

/** The note on a model's card. @param {'proxy'|'unmanaged'|''} note */
export const noteWord = (note) => (note === 'proxy' ? gettext('proxy') : note ? gettext('unmanaged') : '');
