/** The language that the preferences name, for the window's menu, dialogs and own pages. */
import { bridge } from './bridge.js';

/** The window keeps it for its next start, where it is needed before there is a page. */
export function startLanguage() {
  const { language } = document.documentElement.dataset;
  if (language && bridge && bridge.setLanguage) bridge.setLanguage(language);
}
