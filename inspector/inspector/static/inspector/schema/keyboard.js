// Keyboard commands of the diagram. Mapping a key to a command is pure; the diagram executes it.

/**
 * @typedef {'left'|'right'|'up'|'down'|'in'|'out'|'fit'|'search'|'enter'|'back'|'open'|'pan-left'|'pan-right'|'pan-up'|'pan-down'|'nudge-left'|'nudge-right'|'nudge-up'|'nudge-down'} Command
 * @typedef {{key: string, ctrlKey?: boolean, metaKey?: boolean, altKey?: boolean, shiftKey?: boolean}} Key
 */

const ARROWS = /** @type {Record<string, 'left'|'right'|'up'|'down'>} */ ({ ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down' });
const KEYS = /** @type {Record<string, Command>} */ ({ '+': 'in', '=': 'in', '-': 'out', _: 'out', 0: 'fit', '/': 'search', Enter: 'enter', Escape: 'back', o: 'open' });

/**
 * @param {Key} event
 * @param {{typing: boolean, onButton: boolean}} where  typing: in a text field; onButton: on a control that Enter activates
 * @returns {Command|null} null: the key is not the diagram's
 */
export function commandFor(event, where) {
  if (event.ctrlKey || event.metaKey || where.typing) return null;
  const arrow = ARROWS[event.key];
  if (event.altKey) return arrow ? /** @type {Command} */ (`nudge-${arrow}`) : null;
  if (arrow) return event.shiftKey ? /** @type {Command} */ (`pan-${arrow}`) : arrow;
  if (event.key === 'Enter' && where.onButton) return null;
  return KEYS[event.key] || null;
}
