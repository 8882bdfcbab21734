/** Whether a pressed key is text for a field, or may be a shortcut. */

// Fields without text input, where shortcuts still work.
const NO_TEXT = /^(button|checkbox|color|file|image|radio|range|reset|submit)$/;

/** @param {EventTarget | null} target where the key arrived */
export function isTyping(target) {
  if (!(target instanceof HTMLElement)) return false;
  const field = target.isContentEditable || target.matches('textarea, select')
    || (target instanceof HTMLInputElement && !NO_TEXT.test(target.type));
  // A field in a closed dialog keeps focus until the next frame, and would swallow the key.
  return field && target.getClientRects().length > 0;
}
