/** Checks that axe lacks: each runs in the page and returns the problems. */

/** Elements wider than the window, and text that is cut off without an ellipsis. */
export function findCut() {
  const found = [];
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) found.push(`scrolls sideways: ${root.scrollWidth} in ${root.clientWidth}`);
  for (const element of Array.from(document.querySelectorAll('body *'))) {
    if (!(element instanceof HTMLElement) || !element.offsetParent) continue;
    const style = getComputedStyle(element);
    const scrolls = /auto|scroll/.test(style.overflowX);
    if (element.matches('main, .main, .home-main, .page') && scrolls && element.scrollWidth > element.clientWidth + 1) {
      found.push(`${element.className} scrolls sideways: ${element.scrollWidth} in ${element.clientWidth}`);
    }
    // A heading in the narrow rail is a line, with its text for screen readers.
    const hides = style.overflowX === 'hidden' && style.color !== 'rgba(0, 0, 0, 0)' && style.textOverflow !== 'ellipsis' && element.clientWidth > 2;
    if (hides && element.scrollWidth > element.clientWidth + 1 && (element.innerText || '').trim() && !element.closest('#schema')) {
      found.push(`cut off: ${element.outerHTML.slice(0, 100)} ${element.scrollWidth} in ${element.clientWidth}`);
    }
    const box = element.getBoundingClientRect();
    if (element.matches('a, button, input, select, h1, h2') && (box.right > root.clientWidth + 1 || box.left < -1) && !element.closest('.table-wrap, pre, [hidden], .hidden, .statusbar, #schema, details:not([open]) > :not(summary)')) {
      found.push(`outside: ${element.outerHTML.slice(0, 100)}`);
    }
  }
  return found;
}

/** Text with too little contrast, including transparent ancestors, which axe ignores. */
export function findPale() {
  /** @typedef {[number, number, number, number]} Colour */
  /** @param {string} text @returns {Colour} */
  const parse = (text) => {
    const [r, g, b, a = 1] = (text.match(/[\d.]+/g) || ['0', '0', '0', '0']).map(Number);
    return [r, g, b, a];
  };
  /** @param {Colour} over @param {Colour} under @returns {Colour} */
  const blend = (over, under) => /** @type {Colour} */ ([...[0, 1, 2].map((at) => over[at] * over[3] + under[at] * (1 - over[3])), 1]);
  /** @param {Colour} colour */
  const light = (colour) => {
    const [r, g, b] = colour.slice(0, 3).map((value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const page = parse(getComputedStyle(document.documentElement).backgroundColor);
  /**
   * The background of an element, and its opacity including ancestors.
   * @param {Element} element
   * @returns {{ground: Colour, alpha: number}}
   */
  const standing = (element) => {
    const chain = [];
    for (let at = /** @type {Element|null} */ (element); at; at = at.parentElement) chain.unshift(at);
    let ground = page[3] ? page : /** @type {Colour} */ ([255, 255, 255, 1]);
    let alpha = 1;
    for (const at of chain) {
      const style = getComputedStyle(at);
      alpha *= Number(style.opacity);
      const colour = parse(style.backgroundColor);
      ground = blend([colour[0], colour[1], colour[2], colour[3] * alpha], ground);
    }
    return { ground, alpha };
  };
  const found = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = /** @type {HTMLElement} */ (node.parentElement);
    if (!node.textContent?.trim() || !element.offsetParent || element.closest('.hidden, :disabled, [aria-disabled="true"], option, noscript, [aria-hidden="true"]')) continue;
    const style = getComputedStyle(element);
    const colour = parse(style.color);
    if (colour[3] === 0 || style.visibility === 'hidden' || !element.getClientRects().length) continue;
    const { ground, alpha } = standing(element);
    const [a, b] = [light(blend([colour[0], colour[1], colour[2], colour[3] * alpha], ground)), light(ground)];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (ratio < (large ? 3 : 4.5) - 0.02) found.add(`${ratio.toFixed(2)} to 1: ${element.className || element.tagName} “${node.textContent.trim().slice(0, 30)}”`);
  }
  return [...found];
}

/**
 * Targets smaller than 24 by 24 px with another target within the circle of that size (WCAG 2.5.8);
 * links within a sentence may be smaller.
 */
export function findSmall() {
  const targets = Array.from(document.querySelectorAll('a[href], button, summary, select, input:not([type=hidden]), [role=button], [role=option]'))
    .filter((one) => one instanceof HTMLElement && one.offsetParent && !one.closest('.hidden, .skip') && getComputedStyle(one).visibility !== 'hidden')
    .map((one) => ({ one: /** @type {HTMLElement} */ (one), box: (/** @type {HTMLElement} */ (one).closest('label') || one).getBoundingClientRect() }))
    .filter(({ box }) => box.width > 2 && box.height > 2);
  const found = [];
  for (const { one, box } of targets) {
    if (box.width >= 23.9 && box.height >= 23.9) continue;
    const line = one.closest('p, li, td, dd, .muted');
    if (line && (line.textContent || '').trim() !== (one.textContent || '').trim() && getComputedStyle(one).display.startsWith('inline')) continue;
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const near = targets.find((other) => other.one !== one && !other.one.contains(one) && !one.contains(other.one)
      && Math.hypot(Math.max(other.box.left - x, 0, x - other.box.right), Math.max(other.box.top - y, 0, y - other.box.bottom)) < 12);
    if (near) found.push(`${Math.round(box.width)} by ${Math.round(box.height)}: ${one.outerHTML.slice(0, 90)}`);
  }
  return found;
}

/** Headings: exactly one of the first level, before all others, and no skipped levels. */
export function findHeadings() {
  const all = Array.from(document.querySelectorAll('h1, h2, h3, h4, h5, h6')).filter((one) => one instanceof HTMLElement && (one.offsetParent || one.classList.contains('hidden')));
  const found = [];
  if (all.filter((one) => one.tagName === 'H1').length !== 1) found.push(`${all.filter((one) => one.tagName === 'H1').length} headings of the first level`);
  if (all[0] && all[0].tagName !== 'H1') found.push(`begins with ${all[0].outerHTML.slice(0, 80)}`);
  all.forEach((one, at) => { if (at && Number(one.tagName[1]) > Number(all[at - 1].tagName[1]) + 1) found.push(`leaves out a level: ${one.outerHTML.slice(0, 80)}`); });
  return found;
}

/** Elements that move despite reduced motion. */
export function findMoving() {
  return Array.from(document.querySelectorAll('*')).filter((element) => {
    const { animationName, transitionDuration } = getComputedStyle(element);
    return animationName !== 'none' || transitionDuration.split(',').some((time) => parseFloat(time) > 0.01);
  }).map((element) => `moves: ${element.outerHTML.slice(0, 80)}`);
}

/** Text that does not grow when the user's font size doubles; the diagram has its own zoom. */
export function findFixed() {
  const texts = Array.from(document.querySelectorAll('body *')).filter((one) => one instanceof HTMLElement && one.offsetParent && !one.closest('.schema-world, .schema-labels, .output')
    && Array.from(one.childNodes).some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim()));
  const before = texts.map((one) => parseFloat(getComputedStyle(one).fontSize));
  document.documentElement.style.fontSize = '200%';
  const found = texts.filter((one, at) => parseFloat(getComputedStyle(one).fontSize) < before[at] * 1.9).map((one) => `does not grow: ${one.outerHTML.slice(0, 90)}`);
  document.documentElement.style.fontSize = '';
  return found.slice(0, 5);
}

/** @param {boolean} on */
export function openMenus(on) {
  for (const menu of Array.from(document.querySelectorAll('main details.menu'))) menu.toggleAttribute('open', on);
}

/** Adds or removes extra space between lines, letters and words (WCAG 1.4.12). @param {boolean} on */
export function spaceText(on) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; } p { margin-bottom: 2em !important; }');
  document.adoptedStyleSheets = on ? [sheet] : [];
}

/** Keyboard focus: in reading order, visible, and never lost (WCAG 2.4.3, 2.4.7). */
export function findFocus() {
  const stops = Array.from(document.querySelectorAll('a[href], button, summary, select, textarea, input:not([type=hidden]), iframe, [tabindex]'))
    .filter((one) => one instanceof HTMLElement && one.tabIndex >= 0 && !one.matches(':disabled') && one.getClientRects().length && one.checkVisibility({ visibilityProperty: true }))
    .map((one) => ({ one: /** @type {HTMLElement} */ (one), box: one.getBoundingClientRect() }));
  const found = stops.filter(({ one }) => one.tabIndex > 0).map(({ one }) => `comes before its turn: ${one.outerHTML.slice(0, 90)}`);
  // Elements hidden until focused, and elements fixed while the page scrolls, have no place
  // in the reading order.
  const placed = stops.filter(({ one, box }) => box.width > 2 && box.height > 2 && !one.closest('.skip, .schema-world, .statusbar'));
  placed.forEach(({ one, box }, at) => {
    const next = placed[at + 1];
    const aside = next && (next.box.left >= box.right || next.box.right <= box.left);
    if (next && !aside && next.box.bottom <= box.top + 1) found.push(`leads back up: ${one.outerHTML.slice(0, 70)} to ${next.one.outerHTML.slice(0, 70)}`);
  });
  const before = document.activeElement;
  for (const { one } of stops) {
    // The types lack this new option.
    one.focus(/** @type {FocusOptions} */ ({ preventScroll: true, focusVisible: true }));
    if (document.activeElement !== one) found.push(`does not take the focus: ${one.outerHTML.slice(0, 90)}`);
    else if (one.tagName !== 'IFRAME') {
      const shown = [one, one.closest('label'), one.parentElement].some((at) => {
        const style = at && getComputedStyle(at);
        return style && style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1;
      });
      // Table rows show focus in their cells, with their own colours.
      const cell = !matchMedia('(forced-colors: active)').matches && one.querySelector(':scope > td');
      if (!shown && !(cell && getComputedStyle(cell).boxShadow !== 'none')) found.push(`shows no focus: ${one.outerHTML.slice(0, 90)}`);
    }
  }
  if (before instanceof HTMLElement) before.focus({ preventScroll: true });
  return found.slice(0, 8);
}

/** Pages that change without a live region to announce it. */
export function findSilent() {
  const changes = document.body.dataset.events || document.querySelector('[data-fragment], [data-changes]');
  return changes && !document.querySelector('[aria-live]:not([aria-live=off]), [role=status], [role=alert], [role=log]') ? ['has no live region'] : [];
}

/** With forced colours: states shown only by colour, and invisible icons. */
export function findFlat() {
  /** All visible properties that distinguish elements. @param {Element} one */
  const look = (one) => {
    const style = getComputedStyle(one);
    const inner = one.querySelector('.icon, kbd, svg, .dot');
    return [style.color, style.backgroundColor, style.outlineStyle, style.outlineWidth, style.borderTopWidth, style.borderBottomWidth, style.borderLeftWidth,
      style.borderBottomStyle, style.borderBottomColor, style.borderLeftColor, style.fontWeight, style.textDecorationLine, inner ? inner.outerHTML.slice(0, 200) : ''].join('|');
  };
  const found = [];
  const states = '[aria-current]:not([aria-current=false]), [aria-selected=true], [aria-pressed=true], [aria-checked=true]';
  for (const one of Array.from(document.querySelectorAll(states))) {
    if (!one.getClientRects().length) continue;
    const without = `${one.tagName}:not([aria-current]):not([aria-selected=true]):not([aria-pressed=true]):not([aria-checked=true])`;
    const other = Array.from((one.closest('ul, ol, nav, table, [role=group], [role=tablist], [role=radiogroup], .segments, .tabs') || one.parentElement || one).querySelectorAll(without))
      .find((at) => at.className === one.className && at.getClientRects().length);
    if (other && look(other) === look(one)) found.push(`looks as if it were not: ${one.outerHTML.slice(0, 100)}`);
  }
  for (const icon of Array.from(document.querySelectorAll('svg.icon'))) {
    if (!icon.getClientRects().length) continue;
    let ground = /** @type {Element|null} */ (icon);
    while (ground && getComputedStyle(ground).backgroundColor === 'rgba(0, 0, 0, 0)') ground = ground.parentElement;
    const under = ground ? getComputedStyle(ground).backgroundColor : 'rgb(255, 255, 255)';
    if (getComputedStyle(icon).color === under) found.push(`cannot be seen: ${icon.outerHTML.slice(0, 100)}`);
  }
  return found.slice(0, 8);
}
