// The forms in which a suite tries a plugin: as it is, and with one option changed.
import { isPluginValue, type Option, optionOf, type PluginKind, type PluginKinds } from '@neurite/core';
import type { ByOptions, DefinitionOf, OptionsOf, PluginSuiteOptions } from './definition.ts';

/** A definition with its options. */
export interface Form<Kind extends PluginKind> {
  /** As it is written: "leakyRelu({ slope: 0.2 })". */
  readonly name: string;
  /** The option that differs from how the plugin is otherwise; undefined where none does. */
  readonly changed: string | undefined;
  make(): PluginKinds[Kind];
}

/**
 * The plugin as it is with `given` alone, then with each alternative of each option.
 *
 * @param exempt options that are not the plugin's own business.
 */
export function formsOf<Kind extends PluginKind>(
  definition: DefinitionOf<Kind>,
  { given = {}, alternatives = {} }: PluginSuiteOptions<DefinitionOf<Kind>>,
  exempt: readonly string[] = [],
): [plain: Form<Kind>, ...others: Form<Kind>[]] {
  const form = (changed?: string, value?: unknown): Form<Kind> => {
    const options = changed === undefined ? given : { ...given, [changed]: value };
    return {
      name: `${definition.type}(${printOptions(options)})`,
      changed,
      make: () => definition(options as never),
    };
  };
  const named = [...new Set([...Object.keys(definition.schema), ...Object.keys(alternatives)])];
  const others = named.flatMap((name) => {
    const entry = definition.schema[name];
    const own =
      entry === undefined || exempt.includes(name) ? [] : valuesBeside(optionOf(entry), given[name]);
    return (alternatives[name] ?? own).map((value) => form(name, value));
  });
  return [form(), ...others];
}

/** All other values of an option that has few. */
function valuesBeside(option: Option<unknown>, given: unknown): readonly unknown[] {
  const value = given ?? option.default;
  if (option.kind === 'flag') return [value !== true];
  return option.choices?.filter((choice) => choice !== value) ?? [];
}

/** `{ limit: 2, optimizer: sgd() }`; nothing where there are no options. */
function printOptions(options: Readonly<Record<string, unknown>>): string {
  const entries = Object.entries(options).map(([name, value]) => `${name}: ${print(value)}`);
  return entries.length > 0 ? `{ ${entries.join(', ')} }` : '';
}

/** The value of an option, as it is written. */
export function print(value: unknown): string {
  if (isPluginValue(value)) return `${value.type}(…)`;
  return typeof value === 'function' ? value.name : (JSON.stringify(value) ?? String(value));
}

/** What `value` is for a plugin. */
export const forPlugin = <D extends DefinitionOf<PluginKind>, Value>(
  value: ByOptions<D, Value>,
  { options }: PluginKinds[PluginKind],
): Value =>
  typeof value === 'function'
    ? (value as (options: OptionsOf<D>) => Value)(options as unknown as OptionsOf<D>)
    : value;
