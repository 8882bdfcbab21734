/** Tells the window the chosen language, for its menu, dialogs and own pages. */
import { bridge } from './bridge.js';

/** The window stores it for its next start, when it needs the language before there is a page. */
export function startLanguage() {
  const { language } = document.documentElement.dataset;
  if (language && bridge && bridge.setLanguage) bridge.setLanguage(language);
}
