/**
 * Makes an element look like another while keeping existing nodes, so that focus, scroll position,
 * open sections and typed text are preserved.
 */

/**
 * @param {Element} from an element of the page
 * @param {Element} to the server's version, not part of the page
 */
export function morph(from, to) {
  const focused = document.activeElement;
  morphElement(from, to);
  // Moving a node takes its focus.
  if (focused instanceof HTMLElement && focused.isConnected && focused !== document.activeElement) {
    focused.focus({ preventScroll: true });
  }
}

/** @param {Element} from @param {Element} to */
function morphElement(from, to) {
  if (from.hasAttribute('data-morph-skip') || from.isEqualNode(to)) return;
  morphAttributes(from, to);
  morphChildren(from, to);
}

/** @param {Element} from @param {Element} to */
function morphAttributes(from, to) {
  for (const { name } of Array.from(from.attributes)) {
    if (!to.hasAttribute(name) && !isUsers(from, name)) from.removeAttribute(name);
  }
  for (const { name, value } of Array.from(to.attributes)) {
    if (!isUsers(from, name) && from.getAttribute(name) !== value) from.setAttribute(name, value);
  }
}

/**
 * Whether the attribute holds the user's state, unknown to the server.
 * @param {Element} element @param {string} name
 */
function isUsers(element, name) {
  if (name === 'hidden') return element.hasAttribute('data-keep-hidden');
  return name === 'open' && element.tagName === 'DETAILS';
}

/** @param {Element} from @param {Element} to */
function morphChildren(from, to) {
  /** @type {Map<string, Element>} */
  const keyed = new Map();
  for (const child of Array.from(from.children)) if (child.id) keyed.set(child.id, child);

  const wantedIds = new Set(Array.from(to.children, (child) => child.id).filter(Boolean));
  /** @type {Node | null} */
  let place = from.firstChild;
  for (const wanted of Array.from(to.childNodes)) {
    const id = wanted instanceof Element ? wanted.id : '';
    const known = id ? keyed.get(id) : undefined;
    if (known && wanted instanceof Element && known.tagName === wanted.tagName) {
      place = clearWay(from, place, known, wantedIds);
      if (known === place) place = place.nextSibling;
      else from.insertBefore(known, place);
      morphElement(known, wanted);
    } else if (place && !id && isAlike(place, wanted)) {
      const next = place.nextSibling;
      if (place instanceof Element) morphElement(place, /** @type {Element} */ (wanted));
      else if (place.nodeValue !== wanted.nodeValue) place.nodeValue = wanted.nodeValue;
      place = next;
    } else {
      from.insertBefore(document.importNode(wanted, true), place);
    }
  }
  while (place) {
    const next = place.nextSibling;
    from.removeChild(place);
    place = next;
  }
}

/** @param {Node} here @param {Node} wanted */
function isAlike(here, wanted) {
  if (here.nodeType !== wanted.nodeType || here.nodeName !== wanted.nodeName) return false;
  if (!(here instanceof Element)) return true;
  return !here.id && here.classList[0] === /** @type {Element} */ (wanted).classList[0];
}

/**
 * Remove obsolete nodes before `known`, so that `known` need not be moved: a moved node loses focus
 * and scroll position.
 * @param {Element} parent @param {Node | null} place @param {Element} known
 * @param {Set<string>} wantedIds
 * @returns {Node | null} the new position; `known` if nothing is left before it
 */
function clearWay(parent, place, known, wantedIds) {
  const between = [];
  for (let node = place; node !== known; node = node.nextSibling) {
    if (!node || (node instanceof Element && wantedIds.has(node.id))) return place;
    between.push(node);
  }
  for (const node of between) parent.removeChild(node);
  return known;
}
