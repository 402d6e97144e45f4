// Plugins as code: the call that makes them, without the options that are as they would be anyway.
import { isPluginValue, NeuriteError, optionOf, type Plugin, type Schema } from '@neurite/core';
import type { Imports } from './imports.ts';
import { array, type Code, callWithObject, key, prefixed, quote } from './layout.ts';

/** `dense({ units: 128, activation: relu() })`. */
export function printPlugin(plugin: Plugin, imports: Imports): Code {
  const schema = imports.definitionOf(plugin).schema as Schema;
  const options = Object.entries(plugin.options).flatMap(([name, value]) => {
    const entry = Object.hasOwn(schema, name) ? optionOf(schema[name] as Schema[string]) : undefined;
    if (value === undefined || sameValue(value, entry?.default)) return [];
    return [prefixed(`${key(name)}: `, printValue(value, `${name} of ${plugin.type}`, imports))];
  });
  return callWithObject(imports.nameOf(plugin), options);
}

function printValue(value: unknown, where: string, imports: Imports): Code {
  if (isPluginValue(value)) return printPlugin(value, imports);
  if (Array.isArray(value)) return array(value.map((each) => printValue(each, where, imports)));
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'number' || typeof value === 'boolean')
    return Object.is(value, -0) ? '-0' : String(value);
  throw new NeuriteError('unsupported', `${where} is ${String(value)}, which cannot be written as code`);
}

const sameValue = (a: unknown, b: unknown): boolean =>
  Array.isArray(a) && Array.isArray(b)
    ? a.length === b.length && a.every((each, i) => sameValue(each, b[i]))
    : Object.is(a, b);
