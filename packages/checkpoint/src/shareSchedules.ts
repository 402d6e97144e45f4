// Data says of each schedule what it is, not whether two of them were one.
import {
  isPluginValue,
  optionOf,
  type PluginData,
  type PluginKind,
  type Registry,
  type Schema,
} from '@neurite/core';
import { pluginAt } from './networkOf.ts';

/**
 * The optimizer's `data` with schedules by value, those that are the same by data made once: as where one schedule was
 * given to several groups of parameters, so that what it remembers is there once.
 */
export function shareSchedules<D>(registry: Registry<D>, data: PluginData, path: string): PluginData {
  const made = new Map<string, unknown>();
  const share = (kind: PluginKind, plugin: PluginData): PluginData => {
    const definition = registry.definitions(kind).find(({ type }) => type === plugin.type);
    const schema: Schema = definition?.schema ?? {};
    const entries = Object.entries(plugin).map(([name, value]) => {
      const slot = Object.hasOwn(schema, name) ? optionOf(schema[name] as Schema[string]).plugin : undefined;
      if (slot === undefined || typeof value !== 'object' || value === null || isPluginValue(value))
        return [name, value];
      if (slot !== 'schedule') return [name, share(slot, value as PluginData)];
      const key = JSON.stringify(value);
      if (!made.has(key)) made.set(key, pluginAt(registry, 'schedule', value as PluginData, path));
      return [name, made.get(key)];
    });
    return Object.fromEntries(entries) as PluginData;
  };
  return share('optimizer', data);
}
