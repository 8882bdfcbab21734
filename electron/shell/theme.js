import { nativeTheme } from 'electron';

/**
 * The theme that the user has chosen in the app's preferences, kept here as well: the splash page,
 * the window's own background and the first page are painted before anybody could ask the app.
 * @typedef {{set: (theme: import('../backend/state-file.js').Theme) => void}} ThemeKeeper
 *
 * @param {import('../backend/runtime.js').Runtime} runtime
 * @returns {ThemeKeeper}
 */
export function setupTheme({ state }) {
  nativeTheme.themeSource = state.read().theme;
  return {
    set: (theme) => {
      // Every page tells; only news is written.
      if (theme === nativeTheme.themeSource) return;
      nativeTheme.themeSource = theme;
      state.update({ theme });
    },
  };
}
