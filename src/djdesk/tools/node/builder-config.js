/**
 * electron-builder's configuration for every system. Names come from the app's app.json. `djdesk package`
 * stages the files named here and then runs electron-builder; see docs/packaging.md.
 */
import fs from 'node:fs';
import path from 'node:path';

import { afterPack } from './package/after-pack.js';
import { beforePack } from './package/sign-backend.js';
import { electronForPackaging } from './package/electron.js';
import { appleCategoryOf, categoryOf, chromiumLanguages, domainOf, fileNameOf, mimeTypeOf, packageVersion, programOf, readPackagedApp } from './package/names.js';
import { modulesFolder } from './setup/modules.js';
import { readPlan } from './setup/plan.js';

const plan = readPlan();
const app = readPackagedApp(plan.app);
const publisher = app.publisher || app.name;
const electron = electronForPackaging({ modules: await modulesFolder(plan) });
/** @param {...string} parts */
const staged = (...parts) => path.join(plan.stage, ...parts);

const name = `${fileNameOf(app)}-${app.version}-\${os}-\${arch}`;
/** One letter per system in a name that people download. @param {string} kind */
const called = (kind) => `${name}${kind}.\${ext}`;

/** @type {import('electron-builder').Configuration} */
const config = {
  appId: app.id,
  productName: app.name,
  copyright: `Copyright © ${publisher}`,
  directories: { app: staged('app'), output: plan.dist, buildResources: staged('packaging') },
  electronVersion: electron.version,
  ...(electron.dist ? { electronDist: electron.dist } : {}),
  // The bundle has no native modules to build.
  npmRebuild: false,
  nodeGypRebuild: false,
  buildDependenciesFromSource: false,
  // The release step writes the update metadata; nothing is uploaded from here.
  publish: null,
  asar: true,
  compression: /** @type {'store' | 'normal' | 'maximum'} */ (process.env.DJDESK_COMPRESSION || 'normal'),
  electronLanguages: chromiumLanguages(app.languages),
  // Everything is bundled: exclude what electron-builder finds in the checkout's node_modules.
  files: ['**/*', '!**/node_modules{,/**/*}'],
  extraResources: [
    { from: staged('backend'), to: 'backend', filter: ['**/*'] },
    { from: staged('resources'), to: '.' },
    { from: staged('LICENSES.txt'), to: 'LICENSES.txt' },
    { from: staged('sbom.cdx.json'), to: 'sbom.cdx.json' },
  ],
  beforePack: beforePack({ backend: staged('backend'), app: staged('app'), cache: staged('signed') }),
  afterPack,
  // The shell opens only pages that the app declares; see electron/policy/deep-link.js.
  ...(app.scheme ? { protocols: [{ name: app.name, schemes: [app.scheme] }] } : {}),
  fileAssociations: app.files.map((file) => ({ ext: file.ext, name: file.name, role: 'Editor', mimeType: mimeTypeOf(app, file) })),

  mac: {
    category: appleCategoryOf(app),
    target: [{ target: 'dmg', arch: [hostArch()] }, { target: 'zip', arch: [hostArch()] }],
    icon: staged('icons', 'icon.icns'),
    artifactName: called(''),
    darkModeSupport: true,
    hardenedRuntime: true,
    gatekeeperAssess: false,
    entitlements: staged('packaging', 'mac', 'entitlements.plist'),
    entitlementsInherit: staged('packaging', 'mac', 'entitlements.plist'),
    // Without a certificate, sign ad hoc: macOS on Apple silicon kills unsigned programs, and setting the
    // fuses breaks the signature that Electron came with.
    ...(hasCertificate(process.env) ? {} : { identity: '-' }),
    // The Python side is signed before its manifest is made; see package/sign-backend.js.
    signIgnore: ['/Contents/Resources/backend/'],
    // Only with credentials in the environment (APPLE_API_KEY… or APPLE_ID…).
    notarize: hasNotarizationCredentials(process.env),
    extendInfo: { ...usageDescriptions(), ...folderType() },
  },
  dmg: { sign: false, writeUpdateInfo: false },

  win: {
    target: [{ target: 'nsis', arch: ['x64'] }, { target: 'portable', arch: ['x64'] }],
    icon: staged('icons', 'icon.ico'),
    artifactName: called(''),
    requestedExecutionLevel: 'asInvoker',
    // The bundled Python is signed like the app, see package/sign-backend.js: virus scanners tend to remove
    // unsigned programs.
    signExts: ['.dll', '.pyd', '.exe'],
  },
  nsis: {
    artifactName: called('-setup'),
    // Per user, without administrator rights; silent: /S, with /D=FOLDER as the last argument.
    oneClick: false,
    perMachine: false,
    allowElevation: false,
    packElevateHelper: false,
    allowToChangeInstallationDirectory: true,
    createDesktopShortcut: true,
    createStartMenuShortcut: true,
    // installer.nsh asks about the data; electron-builder's own option would not ask.
    deleteAppDataOnUninstall: false,
    include: staged('packaging', 'windows', 'installer.nsh'),
    ...(fs.existsSync(path.join(plan.root, 'LICENSE')) ? { license: path.join(plan.root, 'LICENSE') } : {}),
    warningsAsErrors: true,
    differentialPackage: false,
  },
  portable: {
    artifactName: called('-portable'),
    requestExecutionLevel: 'user',
    // A separate folder per start: with a shared one, a second start would delete the files of the first.
    unpackDirName: true,
    // Unpacking takes seconds; without a splash image nothing would be visible.
    splashImage: staged('icons', 'splash.bmp'),
  },

  linux: {
    executableName: programOf(app),
    syncDesktopName: true,
    category: categoryOf(app),
    target: ['AppImage', 'deb', 'tar.gz'],
    icon: staged('icons', 'png'),
    artifactName: called(''),
    maintainer: process.env.DJDESK_MAINTAINER || `${publisher} <info@${domainOf(app)}>`,
    synopsis: app.description || app.name,
    desktop: { entry: { Name: app.name, Comment: app.description || app.name, Terminal: 'false', StartupWMClass: app.name } },
    extraFiles: [
      { from: staged('packaging', 'linux'), to: '.', filter: ['install.sh', 'uninstall.sh', `${programOf(app)}.*`] },
      { from: staged('icons', 'png'), to: 'icons' },
    ],
  },
  deb: {
    packageCategory: categoryOf(app) === 'Development' ? 'devel' : 'misc',
    recommends: [],
    // Asks a running app to quit before its files are replaced or removed.
    fpm: [
      ...['install', 'remove'].map((step) => `--before-${step}=${staged('packaging', 'linux', 'close-running.sh')}`),
      // electron-builder's own setting does not support this value.
      ...(process.env.DJDESK_COMPRESSION === 'store' ? ['--deb-compression=none'] : []),
    ],
  },
  extraMetadata: { version: packageVersion(app.version) },
};

/** macOS is built on both architectures: a Python for the other one could not be run for checking. */
function hostArch() {
  return /** @type {'arm64' | 'x64'} */ (process.arch === 'arm64' ? 'arm64' : 'x64');
}

/** Lets folders be dropped on the Dock icon. The app does not become their default program. */
function folderType() {
  if (!app.bridge.includes('folders')) return {};
  return { CFBundleDocumentTypes: [{ CFBundleTypeName: 'Folder', CFBundleTypeRole: 'Viewer', LSItemContentTypes: ['public.folder'], LSHandlerRank: 'Alternate' }] };
}

/** macOS shows these when the app first reads a protected folder or uses a device. */
function usageDescriptions() {
  /** @type {Record<string, string>} */
  const all = {};
  if (app.bridge.some((one) => one === 'folders' || one === 'files')) {
    for (const folder of ['Desktop', 'Documents', 'Downloads']) all[`NS${folder}FolderUsageDescription`] = 'To read what you open.';
  }
  const media = app.pages.permissions?.find(({ name: one }) => one === 'media');
  if (media) Object.assign(all, { NSCameraUsageDescription: media.reason, NSMicrophoneUsageDescription: media.reason });
  return all;
}

/**
 * A named certificate, or one in the keychain that electron-builder may search.
 * @param {NodeJS.ProcessEnv} env
 */
function hasCertificate(env) {
  return Boolean(env.CSC_LINK || env.CSC_NAME || env.CSC_KEYCHAIN) || env.CSC_IDENTITY_AUTO_DISCOVERY !== 'false';
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
