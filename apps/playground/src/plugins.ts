// Every plugin that there is. Forms, menus and names follow from what is registered here, and from nothing else.
import * as activations from '@neurite/activations';
import { cpu } from '@neurite/backend-cpu';
import { gpu } from '@neurite/backend-gpu';
import { wasm } from '@neurite/backend-wasm';
import * as core from '@neurite/core'; // initializers and metrics
import * as layers from '@neurite/layers';
import * as losses from '@neurite/losses';
import * as optimizers from '@neurite/optimizers';
import * as regularizers from '@neurite/regularizers';

export const plugins = core
  .registry()
  .use(wasm, cpu, gpu, core, activations, layers, losses, optimizers, regularizers);

/** A plugin as plain data: its type, and options that differ from their defaults. */
export interface PluginSpec {
  readonly type: string;
  readonly [option: string]: unknown;
}

/** The plugin that data from a form or an address stands for; the registry checks it. */
export function make<Kind extends core.PluginKind>(
  kind: Kind,
  spec: PluginSpec,
  where: string = kind,
): core.PluginKinds[Kind] {
  return plugins.make(kind, spec as unknown as Parameters<typeof plugins.make<Kind>>[1], where);
}

/** What a plugin of that name says of itself. */
export const definitionOf = (kind: core.PluginKind, type: string): core.AnyDefinition | undefined =>
  plugins.definitions(kind).find((definition) => definition.type === type);
