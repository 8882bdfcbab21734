import fs from 'node:fs';
import path from 'node:path';

/**
 * How to start an Electron on an app's folder. An Electron without its `default_app.asar` accepts no folder
 * on its command line; it runs only `resources/app`. For it, a hard-linked copy of Electron is made with the
 * bundle as `resources/app`.
 * @param {string} program Electron's executable
 * @param {string} folder the app's
 * @returns {{program: string, args: string[]}}
 */
export function runnable(program, folder) {
  const dist = path.dirname(program);
  if (process.platform !== 'linux' || fs.existsSync(path.join(dist, 'resources', 'default_app.asar'))) {
    return { program, args: [folder] };
  }
  const home = path.join(folder, 'electron');
  const binary = path.join(home, path.basename(program));
  if (!fs.existsSync(binary) || fs.statSync(binary).size !== fs.statSync(program).size) {
    fs.rmSync(home, { recursive: true, force: true });
    linkTree(dist, home);
  }
  const app = path.join(home, 'resources', 'app');
  fs.mkdirSync(app, { recursive: true });
  for (const name of ['package.json', 'main.cjs']) fs.copyFileSync(path.join(folder, name), path.join(app, name));
  return { program: binary, args: [] };
}

/**
 * @param {string} from
 * @param {string} to
 */
function linkTree(from, to) {
  fs.mkdirSync(to, { recursive: true });
  for (const entry of fs.readdirSync(from, { withFileTypes: true })) {
    const source = path.join(from, entry.name);
    const target = path.join(to, entry.name);
    if (entry.isDirectory()) linkTree(source, target);
    else {
      try {
        fs.linkSync(source, target);
      } catch {
        // Another file system.
        fs.copyFileSync(source, target);
      }
    }
  }
}
