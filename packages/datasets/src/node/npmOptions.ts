// How the user's npm is set up: its registry, what it says to be let in, proxies and certificates.
/// <reference path="./npm.d.ts" />
import { createRequire } from 'node:module';
import { dirname } from 'node:path';

/**
 * The options that npm's own libraries take, from the environment (npm_config_registry …) and the .npmrc files of project,
 * user and machine, as npm reads them.
 */
export async function npmOptions(): Promise<Readonly<Record<string, unknown>>> {
  const { default: Config } = await import('@npmcli/config');
  const { default: settings } = await import('@npmcli/config/lib/definitions/index.js');
  const config = new Config({
    ...settings,
    npmPath: npmPath(),
    argv: [],
    // a copy: npm writes into it what scripts shall find there
    env: { ...process.env },
  });
  await config.load();
  return config.flat;
}

/** Where npm itself lies, whose own npmrc comes last; any folder where there is none. */
function npmPath(): string {
  try {
    return dirname(createRequire(process.execPath).resolve('npm/package.json'));
  } catch {
    return dirname(process.execPath);
  }
}
