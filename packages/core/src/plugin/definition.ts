// What all plugins have in common: a kind, a type (its name), and options. A definition is the function that a plugin
// package exports; calling it makes a plugin.
import { NeuriteError } from '../errors.ts';
import type { PluginKind } from './kinds.ts';
import { type GivenArguments, type Resolved, resolveOptions, type Schema } from './options.ts';

/** What every plugin is: a kind, a type by which data name it, and its options. */
export interface Plugin<Kind extends PluginKind = PluginKind> {
  readonly kind: Kind;
  /** The name under which a registry and saved networks know it: "leakyRelu". */
  readonly type: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** A factory of plugins that says what it makes. */
export interface Definition<
  Kind extends PluginKind = PluginKind,
  Type extends string = string,
  S extends Schema = Schema,
  Product = unknown,
> {
  (...options: GivenArguments<S>): Product;
  readonly kind: Kind;
  readonly type: Type;
  readonly schema: S;
}

/** Where a plugin says which copy of core made it, and the mark of this one. */
const maker = Symbol.for('neurite.core');
const thisCopy = Symbol('copy');

/** The part of a plugin that its author writes. */
export type Body<Product> = Omit<Product, keyof Plugin>;

/**
 * Makes a definition.
 *
 * @param make gets the checked options with their defaults, and gives what the plugin does.
 */
/* @__NO_SIDE_EFFECTS__ */
export function define<
  Kind extends PluginKind,
  const Type extends string,
  const S extends Schema,
  Product extends Plugin<Kind>,
>(
  kind: Kind,
  type: Type,
  schema: S,
  make: (options: Resolved<S>) => Body<Product>,
): Definition<Kind, Type, S, Product> {
  const create = (...[given]: GivenArguments<S>): Product => {
    const options = resolveOptions(type, schema, given);
    return { ...make(options), kind, type, options, [maker]: thisCopy } as unknown as Product;
  };
  Object.defineProperty(create, 'name', { value: type }); // for messages about those who forgot to call it
  return Object.assign(create, { kind, type, schema });
}

/** A plugin as plain data: its type and those options that differ from nothing, plugins within likewise. */
export interface PluginData {
  readonly type: string;
  readonly [option: string]: unknown;
}

/** Whether `value` is a plugin, of whichever kind: the result of a call such as relu(). */
export const isPluginValue = (value: unknown): value is Plugin =>
  typeof value === 'object' && value !== null && 'kind' in value && 'type' in value && 'options' in value;

/**
 * @throws NeuriteError `state` where `plugin`, or one in its options, comes from another copy of core: the tensors of two
 * copies do not know each other.
 */
export function requireThisCopy(plugin: Plugin): void {
  const { kind, type, options } = plugin;
  const mark = (plugin as { readonly [maker]?: symbol })[maker];
  if (mark !== undefined && mark !== thisCopy) {
    throw new NeuriteError(
      'state',
      `the ${kind} "${type}" comes from another copy of @neurite/core: \`npm ls @neurite/core\` shows both; give all packages of this project one version, and run \`npm dedupe\``,
    );
  }
  for (const option of Object.values(options ?? {})) if (isPluginValue(option)) requireThisCopy(option);
}

/** `plugin` as data that JSON can hold and a registry can read. */
export function toData({ type, options }: Plugin): PluginData {
  const entries = Object.entries(options).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, isPluginValue(value) ? toData(value) : value] as const],
  );
  return { type, ...Object.fromEntries(entries) };
}
