// The plugins that can be named on the command line. Another backend or activation is one more word here.
import * as activations from '@neurite/activations';
import { cpu } from '@neurite/backend-cpu';
import { wasm } from '@neurite/backend-wasm';
import { type PluginKind, type PluginKinds, registry } from '@neurite/core';
import * as optimizers from '@neurite/optimizers';

export const plugins = registry().use(wasm, cpu, activations, optimizers);

/** What computes where nobody says: the first of these that the machine can run. */
export const defaultBackends = [wasm(), cpu()] as const;

/** The plugin that somebody typed the name of: the compiler cannot know it, so the registry checks it. */
export function pluginOf<Kind extends PluginKind>(
  kind: Kind,
  type: string,
  options: Readonly<Record<string, unknown>> = {},
): PluginKinds[Kind] {
  const named = { type, ...options } as Parameters<typeof plugins.make<Kind>>[1];
  return plugins.make(kind, named, `--${kind}`);
}
