// Whether an installed tree builds or runs anything when it is installed.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Packages below `folder`/node_modules with a script that runs on installation, or with native code.
 *
 * @returns {{ packages: number, bad: string[] }}
 */
export function installScripts(folder) {
  const bad = [];
  let packages = 0;
  const visit = (at) => {
    if (!existsSync(at)) return;
    for (const entry of readdirSync(at, { withFileTypes: true })) {
      if (entry.name.startsWith('.') || !entry.isDirectory()) continue;
      const path = join(at, entry.name);
      if (entry.name.startsWith('@')) {
        visit(path);
        continue;
      }
      const manifest = join(path, 'package.json');
      if (!existsSync(manifest)) continue;
      packages += 1;
      const { name, scripts = {}, gypfile } = JSON.parse(readFileSync(manifest, 'utf8'));
      for (const script of ['preinstall', 'install', 'postinstall'])
        if (scripts[script]) bad.push(`${name} has the script ${script}: ${scripts[script]}`);
      if (gypfile || existsSync(join(path, 'binding.gyp')))
        bad.push(`${name} is compiled when it is installed`);
      const files = readdirSync(path, { recursive: true });
      if (files.some((file) => String(file).endsWith('.node'))) bad.push(`${name} has native code`);
      visit(join(path, 'node_modules'));
    }
  };
  visit(join(folder, 'node_modules'));
  return { packages, bad };
}
