// Names to plugins: needed where a network comes from data — JSON, a form, a command line. Nothing below knows names.
import { NeuriteError, nearestNames } from '../errors.ts';
import { type Definition, isPluginValue, type Plugin } from './definition.ts';
import type { PluginKind, PluginKinds } from './kinds.ts';
import {
  type Option,
  optionOf,
  printValue,
  type RequiredOption,
  type Schema,
  withArticle,
} from './options.ts';

/** A definition of any kind. */
// biome-ignore lint/suspicious/noExplicitAny: parameters of functions are contravariant; no narrower type holds them all
export type AnyDefinition = Definition<PluginKind, string, any, any>;

/** One definition, or a module full of them; whatever else is exported there is left alone. */
export type Source = AnyDefinition | Readonly<Record<string, unknown>>;

export type DefinitionsIn<S> = S extends AnyDefinition
  ? S
  : S extends object
    ? Extract<S[keyof S], AnyDefinition>
    : never;

type OfKind<D, Kind extends PluginKind> = Extract<D, { readonly kind: Kind }>;
type TypesOf<D, Kind extends PluginKind> = TypeOf<OfKind<D, Kind>>;
type TypeOf<D> = D extends { readonly type: infer Type extends string } ? Type : never;

type SlotValue<D, O> =
  O extends Option<infer Value>
    ? PluginKindOf<Value> extends never
      ? Value
      : Named<D, PluginKindOf<Value>> | Exclude<Value, Plugin>
    : O extends number
      ? number
      : boolean;
/** The kind of plugin among the values of an option. */
type PluginKindOf<Value> =
  Extract<Value, Plugin> extends { readonly kind: infer Kind extends PluginKind } ? Kind : never;

type RequiredKeys<S> = { [K in keyof S]: S[K] extends RequiredOption<unknown> ? K : never }[keyof S];

/** Options of a plugin as data: nested plugins by value or by name. */
type OptionsByName<D, S> = { readonly [K in RequiredKeys<S>]: SlotValue<D, S[K]> } & {
  readonly [K in Exclude<keyof S, RequiredKeys<S>>]?: SlotValue<D, S[K]> | undefined;
};

type ByType<D, Member> =
  Member extends Definition<PluginKind, infer Type, infer S, unknown>
    ? ({ readonly type: Type } & OptionsByName<D, S>) | ([RequiredKeys<S>] extends [never] ? Type : never)
    : never;

/** A plugin by value, by name, or by name and options, among the registered definitions `D`. */
export type Named<D, Kind extends PluginKind> = PluginKinds[Kind] | ByType<D, OfKind<D, Kind>>;

/** Plugins by kind and name. */
export class Catalogue<D = never> {
  readonly #definitions = new Map<string, AnyDefinition>();

  /** Adds definitions; one that is known under its name already must be the same. */
  add(source: Source): void {
    const found = isDefinition(source) ? [source] : Object.values(source ?? {}).filter(isDefinition);
    if (found.length === 0)
      throw new NeuriteError('name', `use() takes plugins, but got ${printValue(source)}`);
    for (const definition of found) {
      const key = `${definition.kind} ${definition.type}`;
      const known = this.#definitions.get(key);
      if (known && known !== definition) {
        throw new NeuriteError(
          'name',
          `two ${definition.kind} plugins are called "${definition.type}": use one of them`,
        );
      }
      this.#definitions.set(key, definition);
    }
  }

  /** All definitions of a kind, or all there are. */
  definitions(kind?: PluginKind): readonly AnyDefinition[] {
    return [...this.#definitions.values()].filter(
      (definition) => kind === undefined || definition.kind === kind,
    );
  }

  /** The types that are registered under `kind`, in the order in which they came. */
  names<Kind extends PluginKind>(kind: Kind): TypesOf<D, Kind>[] {
    return this.definitions(kind).map(({ type }) => type as TypesOf<D, Kind>);
  }

  /**
   * The plugin that `value` is or names.
   * @param where what asks, for messages: "layer 2: activation".
   * @throws NeuriteError `name` that lists the registered names, the nearest first.
   */
  make<Kind extends PluginKind>(kind: Kind, value: Named<D, Kind>, where: string = kind): PluginKinds[Kind] {
    return this.#make(kind, value, where) as PluginKinds[Kind];
  }

  #make(kind: PluginKind, value: unknown, where: string): unknown {
    if (isPluginValue(value)) {
      if (value.kind === kind) return value;
      throw new NeuriteError(
        'option',
        `${where} takes ${withArticle(kind)}, but got the ${value.kind} "${value.type}"`,
      );
    }
    const { type, ...options } = typeof value === 'string' ? { type: value } : asRecord(value, kind, where);
    const definition = typeof type === 'string' ? this.#definitions.get(`${kind} ${type}`) : undefined;
    if (!definition) throw this.#unknown(kind, type, where);
    const schema = definition.schema as Schema;
    const resolved = Object.entries(options).map(([name, given]) => {
      const slot = Object.hasOwn(schema, name) ? optionOf(schema[name] as Schema[string]).plugin : undefined;
      const isName = slot && (typeof given === 'string' || (typeof given === 'object' && given !== null));
      return [
        name,
        isName ? this.#make(slot, given, `${where}: ${name} of ${definition.type}`) : given,
      ] as const;
    });
    return (definition as (options: unknown) => unknown)(Object.fromEntries(resolved));
  }

  #unknown(kind: PluginKind, type: unknown, where: string): NeuriteError {
    const names = this.names(kind) as string[];
    const listed = typeof type === 'string' ? nearestNames(type, names) : names;
    const registered =
      listed.length > 0
        ? `registered are ${listed.map((name) => `"${name}"`).join(', ')}`
        : `no ${kind} is registered`;
    const home = homeOf(kind, type);
    return new NeuriteError(
      'name',
      `${where}: there is no ${kind} ${printValue(type)}; ${registered}${home ? `; ${home}, and pass them to use()` : ''}`,
    );
  }
}

/** Where this project has plugins of a kind: what to install and import for one that is missing. */
function homeOf(kind: PluginKind, type: unknown): string | undefined {
  if (kind === 'initializer' || kind === 'metric') return '@neurite/core has its own: import them from there';
  if (kind === 'backend' && !['cpu', 'wasm', 'gpu'].includes(type as string)) return undefined;
  const name = {
    activation: 'activations',
    backend: `backend-${type}`,
    constraint: 'regularizers',
    layer: 'layers',
    loss: 'losses',
    optimizer: 'optimizers',
    regularizer: 'regularizers',
    schedule: 'optimizers',
  }[kind];
  return `those of this project are in @neurite/${name}: install it, import its plugins`;
}

const isDefinition = (value: unknown): value is AnyDefinition =>
  typeof value === 'function' && 'kind' in value && 'type' in value && 'schema' in value;

function asRecord(value: unknown, kind: PluginKind, where: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw new NeuriteError(
    'option',
    `${where} takes ${withArticle(kind)}, its name or { type, …options }, but got ${printValue(value)}`,
  );
}
