/**
 * How the app is packaged, for every system. `npm run package` stages what is named here and then
 * runs electron-builder; docs/packaging.md tells the story.
 */
import fs from 'node:fs';
import path from 'node:path';

import { afterPack } from './package/after-pack.js';
import { electronForPackaging } from './package/electron.js';
import { modulesFolder } from './setup/modules.js';
import { readPlan } from './setup/plan.js';

const plan = readPlan();
const { version } = JSON.parse(fs.readFileSync(path.join(plan.stage, 'app', 'package.json'), 'utf8'));
const electron = electronForPackaging({ modules: await modulesFolder(plan), backend: path.join(plan.stage, 'backend') });
/** @param {...string} parts */
const asset = (...parts) => path.join(plan.assets, ...parts);
/** @param {...string} parts */
const staged = (...parts) => path.join(plan.stage, ...parts);

const name = 'DJDesk-${version}-${os}-${arch}';
/** One letter per system in a name that people download. @param {string} kind */
const called = (kind) => `${name}${kind}.\${ext}`;

/** @type {import('electron-builder').Configuration} */
const config = {
  appId: 'org.djdesk.app',
  productName: 'DJDesk',
  copyright: 'Copyright © 2026 DJDesk contributors',
  directories: { app: staged('app'), output: plan.dist, buildResources: plan.assets },
  electronVersion: electron.version,
  ...(electron.dist ? { electronDist: electron.dist } : {}),
  // The bundle has no native modules: there is nothing to build.
  npmRebuild: false,
  nodeGypRebuild: false,
  buildDependenciesFromSource: false,
  // The updater's metadata is the release's business; nothing is uploaded from here.
  publish: null,
  asar: true,
  compression: /** @type {'store' | 'normal' | 'maximum'} */ (process.env.DJDESK_COMPRESSION || 'normal'),
  // Those of settings.LANGUAGES: a page is told the window's language only if Chromium has it.
  electronLanguages: [process.platform === 'darwin' ? 'en' : 'en-US', 'de'],
  // Everything is bundled: what electron-builder finds in the checkout's node_modules stays out.
  files: ['**/*', '!**/node_modules{,/**/*}'],
  extraResources: [
    { from: staged('backend'), to: 'backend', filter: ['**/*'] },
    { from: staged('resources'), to: '.' },
    { from: staged('LICENSES.txt'), to: 'LICENSES.txt' },
    { from: staged('sbom.cdx.json'), to: 'sbom.cdx.json' },
  ],
  afterPack,
  // The shell opens only pages that the app declares; see electron/policy/deep-link.js.
  protocols: [{ name: 'DJDesk link', schemes: ['djdesk'] }],

  mac: {
    category: 'public.app-category.developer-tools',
    target: [{ target: 'dmg', arch: [hostArch()] }, { target: 'zip', arch: [hostArch()] }],
    icon: asset('icons', 'icon.icns'),
    artifactName: called(''),
    darkModeSupport: true,
    hardenedRuntime: true,
    gatekeeperAssess: false,
    entitlements: asset('mac', 'entitlements.plist'),
    entitlementsInherit: asset('mac', 'entitlements.plist'),
    // Every Mach-O file in the app is signed, those of the Python inside included; see
    // package/mac-binaries.js for the ones that no one would look for.
    binaries: electron.macBinaries,
    // With credentials in the environment (APPLE_API_KEY… or APPLE_ID…) only.
    notarize: hasNotarizationCredentials(process.env),
    // The inspected projects lie anywhere the user keeps them.
    extendInfo: {
      NSDesktopFolderUsageDescription: 'To read the projects that you open.',
      NSDocumentsFolderUsageDescription: 'To read the projects that you open.',
      NSDownloadsFolderUsageDescription: 'To read the projects that you open.',
    },
  },
  dmg: { sign: false, writeUpdateInfo: false },

  win: {
    target: [{ target: 'nsis', arch: ['x64'] }, { target: 'portable', arch: ['x64'] }],
    icon: asset('icons', 'icon.ico'),
    artifactName: called(''),
    requestedExecutionLevel: 'asInvoker',
    // The Python inside is signed like the app: an unsigned one is what virus scanners take away.
    signExts: ['.dll', '.pyd', '.exe'],
  },
  nsis: {
    artifactName: called('-setup'),
    // For this user, without an administrator; silent: /S, with /D=FOLDER as the last word.
    oneClick: false,
    perMachine: false,
    allowElevation: false,
    packElevateHelper: false,
    allowToChangeInstallationDirectory: true,
    createDesktopShortcut: true,
    createStartMenuShortcut: true,
    // Data is asked about, see installer.nsh; electron-builder's own switch would not ask.
    deleteAppDataOnUninstall: false,
    include: asset('windows', 'installer.nsh'),
    license: path.join(plan.root, 'LICENSE'),
    warningsAsErrors: true,
    differentialPackage: false,
  },
  portable: { artifactName: called('-portable'), requestExecutionLevel: 'user' },

  linux: {
    // Not "djdesk": that is the command line, which may be on PATH.
    executableName: 'djdesk-app',
    syncDesktopName: true,
    category: 'Development',
    target: ['AppImage', 'deb', 'tar.gz'],
    icon: asset('icons', 'png'),
    artifactName: called(''),
    maintainer: process.env.DJDESK_MAINTAINER || 'DJDesk contributors <maintainers@example.org>',
    synopsis: 'Inspect Django projects, offline',
    desktop: {
      entry: { Name: 'DJDesk', Comment: 'Inspect Django projects, offline', 'Comment[de]': 'Django-Projekte untersuchen, offline', Terminal: 'false', StartupWMClass: 'DJDesk' },
    },
    extraFiles: [
      { from: asset('linux'), to: '.', filter: ['install.sh', 'uninstall.sh', 'djdesk-app.desktop'] },
      { from: asset('icons', 'png'), to: 'icons' },
    ],
  },
  deb: {
    packageCategory: 'devel',
    recommends: [],
    // An update asks a running app to end, before its files are replaced.
    fpm: [`--before-install=${asset('linux', 'close-running.sh')}`],
  },
  extraMetadata: { version },
};

/** macOS is built on both kinds of machine: a Python for the other one cannot be run to be checked. */
function hostArch() {
  return /** @type {'arm64' | 'x64'} */ (process.arch === 'arm64' ? 'arm64' : 'x64');
}

/** @param {NodeJS.ProcessEnv} env */
function hasNotarizationCredentials(env) {
  return Boolean(
    (env.APPLE_API_KEY && env.APPLE_API_KEY_ID && env.APPLE_API_ISSUER)
    || (env.APPLE_ID && env.APPLE_APP_SPECIFIC_PASSWORD && env.APPLE_TEAM_ID)
    || env.APPLE_KEYCHAIN_PROFILE,
  );
}

export default config;
