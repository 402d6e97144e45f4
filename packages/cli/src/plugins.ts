// The plugins that can be named: those of this project, and what --plugin brings.
import { pathToFileURL } from 'node:url';
import * as activations from '@neurite/activations';
import * as backendCpu from '@neurite/backend-cpu';
import * as backendWasm from '@neurite/backend-wasm';
import * as core from '@neurite/core';
import { NeuriteError, type PluginKind, type PluginKinds, registry } from '@neurite/core';
import * as layers from '@neurite/layers';
import * as losses from '@neurite/losses';
import * as optimizers from '@neurite/optimizers';
import * as regularizers from '@neurite/regularizers';
import { resolve } from 'import-meta-resolve';

const own = registry().use(
  core,
  backendWasm,
  backendCpu,
  activations,
  layers,
  losses,
  optimizers,
  regularizers,
);

export interface Plugins {
  readonly registry: typeof own;
  /** What networks are made of, by the names under which it is imported. */
  readonly packages: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Those of this project. */
export const ownPlugins: Plugins = {
  registry: own,
  packages: {
    '@neurite/activations': activations,
    '@neurite/layers': layers,
    '@neurite/regularizers': regularizers,
  },
};

/**
 * Those of this project, and of further packages.
 *
 * @param names packages that are installed where `folder` is, or paths from there: ./mine.js.
 * @throws NeuriteError `name` where one cannot be imported, holds no plugin, or one that is there already.
 */
export async function pluginsWith(names: readonly string[], folder: string): Promise<Plugins> {
  let { registry, packages } = ownPlugins;
  for (const name of names) {
    const module = await importFrom(folder, name);
    try {
      registry = registry.use(module);
    } catch (cause) {
      throw new NeuriteError('name', `--plugin ${name}: ${(cause as Error).message}`, { cause });
    }
    packages = { ...packages, [name]: module };
  }
  return { registry, packages };
}

async function importFrom(folder: string, name: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return await import(resolve(name, pathToFileURL(`${folder}/-`).href));
  } catch (cause) {
    throw new NeuriteError('name', `--plugin ${name} cannot be imported: ${(cause as Error).message}`, {
      cause,
    });
  }
}

/** The plugin that somebody named: the compiler cannot know it, so the registry checks it. */
export const pluginOf = <Kind extends PluginKind>(
  { registry }: Plugins,
  kind: Kind,
  value: unknown,
  where: string,
): PluginKinds[Kind] => registry.make(kind, value as Parameters<typeof registry.make<Kind>>[1], where);
