// Forms from what plugins say of themselves: the fields of a plugin, and a plugin to begin with.
import { type Option, optionOf, type PluginKind, type Schema } from '@neurite/core';
import { definitionOf, type PluginSpec, plugins } from '../plugins.ts';

export interface Field {
  readonly name: string;
  readonly option: Option<unknown>;
}

/** What can be set of a plugin, in the order of its description. */
export function fieldsOf(kind: PluginKind, type: string): readonly Field[] {
  const schema = (definitionOf(kind, type)?.schema ?? {}) as Schema;
  return Object.entries(schema).map(([name, entry]) => ({ name, option: optionOf(entry) }));
}

/** What is tried where an option must be given and has no default. */
const candidates: readonly unknown[] = [1, [1], 'bias', ['bias'], true];

/**
 * A plugin of that type as it begins: what must be given is taken from `before` if that has it, and a plugin that works on
 * top of another gets the one that was there.
 */
export function initialSpec(kind: PluginKind, type: string, before?: PluginSpec): PluginSpec {
  const spec: Record<string, unknown> = { type };
  for (const { name, option } of fieldsOf(kind, type)) {
    const own = before?.[name];
    if (own !== undefined && fits(option, own)) spec[name] = own;
    else if (option.required)
      spec[name] = option.plugin ? innerOf(option.plugin, kind, before) : firstFor(option);
  }
  return spec as PluginSpec;
}

function innerOf(wanted: PluginKind, kind: PluginKind, before: PluginSpec | undefined): PluginSpec {
  if (before && wanted === kind) return before;
  const simple = plugins
    .names(wanted)
    .find((name) => fieldsOf(wanted, name).every(({ option }) => !option.required));
  return { type: simple ?? '' };
}

const firstFor = (option: Option<unknown>): unknown =>
  candidates.find((candidate) => option.accepts(candidate));

/** Whether a value as data goes into an option: plugins are records there. */
function fits(option: Option<unknown>, value: unknown): boolean {
  const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value) && 'type' in value;
  if (!isRecord) return option.accepts(value);
  return option.plugin !== undefined && definitionOf(option.plugin, (value as PluginSpec).type) !== undefined;
}

/** `spec` with an option set; one that is as by default is left out. */
export function withOption(spec: PluginSpec, { name, option }: Field, value: unknown): PluginSpec {
  const { [name]: _, ...rest } = spec;
  if (value === undefined || (!option.required && value === option.default)) return rest as PluginSpec;
  return { ...rest, [name]: value } as PluginSpec;
}
