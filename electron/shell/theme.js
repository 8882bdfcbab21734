import { nativeTheme } from 'electron';

/**
 * The theme chosen in the app's preferences, also stored here, because the splash page, the
 * window's background and the first page are painted before the app can be asked.
 * @typedef {{set: (theme: import('../backend/state-file.js').Theme) => void}} ThemeSetting
 *
 * @param {import('../backend/runtime.js').Runtime} runtime
 * @returns {ThemeSetting}
 */
export function setupTheme({ state }) {
  nativeTheme.themeSource = state.read().theme;
  return {
    set: (theme) => {
      // Every page reports it; write only changes.
      if (theme === nativeTheme.themeSource) return;
      nativeTheme.themeSource = theme;
      state.update({ theme });
    },
  };
}
