// Where plugins come from: packages by name, and the imports that a text needs of them.
import { type AnyDefinition, NeuriteError, type Plugin } from '@neurite/core';
import { isIdentifier, object, print } from './layout.ts';

/** Packages by the name under which they are imported: what `import * as …` gives. */
export type Packages = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

interface Origin {
  readonly from: string;
  /** What it is exported as there. */
  readonly exported: string;
  readonly definition: AnyDefinition;
}

/** The imports of a text. Names that are taken get the kind of the plugin behind them. */
export class Imports {
  readonly #origins = new Map<string, Origin>();
  /** Names in the text, and what they stand for. */
  readonly #taken: Map<string, string>;
  readonly #imported = new Map<string, Map<string, string>>();

  /** @param own names that the text defines itself. */
  constructor(packages: Packages, own: readonly string[]) {
    this.#taken = new Map(own.map((name) => [name, 'own']));
    for (const [from, exports] of Object.entries(packages)) {
      for (const [exported, definition] of Object.entries(exports)) {
        if (!isDefinition(definition) || !isIdentifier(exported) || exported === 'default') continue;
        const key = `${definition.kind} ${definition.type}`;
        if (!this.#origins.has(key)) this.#origins.set(key, { from, exported, definition });
      }
    }
  }

  /** @throws NeuriteError `name` where no package has it. */
  definitionOf({ kind, type }: Pick<Plugin, 'kind' | 'type'>): AnyDefinition {
    return this.#originOf(kind, type).definition;
  }

  /** The name of a plugin's factory in the text. */
  nameOf({ kind, type }: Pick<Plugin, 'kind' | 'type'>): string {
    const { from, exported } = this.#originOf(kind, type);
    return this.name(from, exported, `${exported}${kind[0]?.toUpperCase()}${kind.slice(1)}`);
  }

  /** The name in the text of something that a package exports: `otherwise` where another thing has its name. */
  name(from: string, exported: string, otherwise = exported): string {
    const known = this.#imported.get(from) ?? new Map<string, string>();
    this.#imported.set(from, known);
    const name = known.get(exported) ?? this.free(this.#taken.has(exported) ? otherwise : exported);
    known.set(exported, name);
    return name;
  }

  /** A name that nothing in the text has, which is taken from now on. */
  free(wanted: string): string {
    const base = wanted.replace(/[^\p{ID_Continue}$]+/gu, '_').replace(/^(?![\p{ID_Start}$_])/u, '_');
    let name = base;
    for (let count = 2; this.#taken.has(name) || reserved.has(name); count++) name = `${base}${count}`;
    this.#taken.set(name, wanted);
    return name;
  }

  print(): string {
    return [...this.#imported]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([from, names]) => {
        const items = [...names]
          .sort(([a], [b]) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1))
          .map(([exported, name]) => (exported === name ? name : `${exported} as ${name}`));
        return `import ${print(object(items), 0, 'import '.length + from.length + " from '';".length)} from '${from}';\n`;
      })
      .join('');
  }

  #originOf(kind: string, type: string): Origin {
    const origin = this.#origins.get(`${kind} ${type}`);
    if (origin) return origin;
    throw new NeuriteError(
      'name',
      `no package that was given has the ${kind} "${type}": give it under its name, as in { packages: { '@neurite/layers': layers } }`,
    );
  }
}

const isDefinition = (value: unknown): value is AnyDefinition =>
  typeof value === 'function' && 'kind' in value && 'type' in value && 'schema' in value;

const reserved: ReadonlySet<string> = new Set(
  'arguments await break case catch class const continue debugger default delete do else enum eval export extends false finally for function if implements import in instanceof interface let new null package private protected public return static super switch this throw true try typeof undefined var void while with yield'.split(
    ' ',
  ),
);
