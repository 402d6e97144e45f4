// Tables of the plugins that a package has, from their definitions and docstrings.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AnyDefinition, optionOf, type PluginKind, type Schema } from '@neurite/core';
import { root } from './pages.ts';

/** What core adds to plugins of every kind, which tables need not repeat. */
const common = ['name', 'trainable', 'rateMultiplier', 'activityRegularizer', 'learningRate'];

const sourcesIn = (folder: string): string[] =>
  readdirSync(join(root, folder), { encoding: 'utf8', recursive: true })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => join(folder, path));

/** The first sentences of the docstring in front of each exported constant under `folder`, by the constant's name. */
function docstringsIn(folder: string): Map<string, string> {
  const docstring = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*export const (\w+)/g;
  return new Map(
    sourcesIn(folder).flatMap((path) =>
      [...readFileSync(join(root, path), 'utf8').matchAll(docstring)].map(
        ([, text = '', name = '']) => [name, summaryOf(text)] as const,
      ),
    ),
  );
}

/** A docstring up to its list of options or its example. */
const summaryOf = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.replace(/^\s*\*? ?/, '').trim())
    .join('\n')
    .trim()
    .split(/\n\n|\n- |\n@/)[0]!
    .replace(/\s*`\w+`: [^`]*?\.(?=\s|$)/g, '')
    .replaceAll('\n', ' ')
    .replaceAll('|', '\\|')
    .replaceAll('<', '&lt;')
    .trim();

/** "`units`, `activation`, `bias` true". */
function optionsOf(schema: Schema): string {
  const parts = Object.entries(schema)
    .filter(([name]) => !common.includes(name))
    .map(([name, entry]) => {
      const { required, default: initial, kind } = optionOf(entry);
      if (required) return `**\`${name}\`**`;
      const hasDefault = initial !== undefined && kind !== 'plugin' && typeof initial !== 'object';
      return hasDefault ? `\`${name}\` ${initial}` : `\`${name}\``;
    });
  return parts.join(', ');
}

/**
 * A table of the plugins of some kinds.
 *
 * @param plugins a package's door.
 * @param folder where its sources are.
 */
export function tableOf(plugins: object, folder: string, ...kinds: readonly PluginKind[]): string {
  const docstrings = docstringsIn(folder);
  const definitions = Object.values(plugins).filter(
    (value): value is AnyDefinition =>
      typeof value === 'function' && kinds.includes((value as AnyDefinition).kind),
  );
  return [
    '| | what it is | options, and what they are by default |',
    '|---|---|---|',
    ...definitions.map(({ type, schema }) => {
      const what = docstrings.get(type);
      if (what === undefined) throw new Error(`${folder}: "${type}" has no docstring`);
      return `| \`${type}\` | ${what} | ${optionsOf(schema as Schema)} |`;
    }),
    '',
    'Options in bold must be given.',
    '',
  ].join('\n');
}
