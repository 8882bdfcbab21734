/**
 * Whether macOS runs a copy of the app from a hidden place because it lies where it was downloaded.
 * @param {string} execPath
 * @param {NodeJS.Platform} platform
 */
export const isTranslocated = (execPath, platform) => platform === 'darwin' && execPath.includes('/AppTranslocation/');
