// What a plugin's options are, as data: names, kinds, defaults and limits. Types, checks at run time, forms and saved
// networks all follow from this one table.
import { NeuriteError, nearestNames } from '../errors.ts';
import type { PluginKind, PluginKinds } from './kinds.ts';
import type { Schedule } from './schedule.ts';

/** One option. `default` is undefined where the option must be given or may be left out. */
export interface Option<Value> {
  readonly kind: 'number' | 'flag' | 'choice' | 'text' | 'sizes' | 'numbers' | 'plugin' | 'rate';
  readonly default: Value | undefined;
  /** Whether it must be given. */
  readonly required: boolean;
  /** What is allowed, in words: "a number above 0". */
  readonly takes: string;
  accepts(value: unknown): value is Value;
  /** Limits of a number, for forms. */
  readonly limits?: { readonly minimum: number; readonly maximum: number; readonly whole: boolean };
  readonly choices?: readonly string[];
  /** The kind of plugin that goes into this slot. */
  readonly plugin?: PluginKind;
}
export interface RequiredOption<Value> extends Option<Value> {
  readonly required: true;
}

/** Options by name. A plain number or truth value stands for an option with that default. */
export type Schema = Readonly<Record<string, Option<unknown> | number | boolean>>;

type ValueOf<O> = O extends number
  ? number
  : O extends boolean
    ? boolean
    : O extends Option<infer Value>
      ? Value
      : never;
type RequiredKeys<S> = { [K in keyof S]: S[K] extends RequiredOption<unknown> ? K : never }[keyof S];

/** What a plugin gets: every option, defaults filled in. */
export type Resolved<S> = { readonly [K in keyof S]: ValueOf<S[K]> };

/** What a user gives; nothing at all where there are no options. */
export type Given<S> = [keyof S] extends [never] ? Readonly<Record<string, never>> : GivenOptions<S>;
type GivenOptions<S> = { readonly [K in RequiredKeys<S>]: ValueOf<S[K]> } & {
  readonly [K in Exclude<keyof S, RequiredKeys<S>>]?: ValueOf<S[K]> | undefined;
};

/** Arguments of a plugin's factory: the options may be left out where none is required. */
export type GivenArguments<S> = [RequiredKeys<S>] extends [never]
  ? [options?: Given<S>]
  : [options: Given<S>];

interface Limits {
  readonly minimum?: number;
  readonly maximum?: number;
  /** Excluded limits. */
  readonly above?: number;
  readonly below?: number;
  readonly whole?: boolean;
}

function numberForm({
  minimum,
  maximum,
  above,
  below,
  whole = false,
}: Limits): Omit<Option<number>, 'default' | 'required'> {
  const bounds = [
    minimum !== undefined && `from ${minimum}`,
    maximum !== undefined && `up to ${maximum}`,
    above !== undefined && `above ${above}`,
    below !== undefined && `below ${below}`,
  ].filter(Boolean);
  return {
    kind: 'number',
    takes: [whole ? 'a whole number' : 'a number', ...bounds].join(' '),
    limits: {
      minimum: minimum ?? above ?? Number.NEGATIVE_INFINITY,
      maximum: maximum ?? below ?? Number.POSITIVE_INFINITY,
      whole,
    },
    accepts: (value): value is number =>
      typeof value === 'number' &&
      Number.isFinite(value) &&
      value >= (minimum ?? value) &&
      value <= (maximum ?? value) &&
      value > (above ?? Number.NEGATIVE_INFINITY) &&
      value < (below ?? Number.POSITIVE_INFINITY) &&
      (!whole || Number.isInteger(value)),
  };
}

const isPlugin = (value: unknown, kind: PluginKind): boolean =>
  typeof value === 'object' && value !== null && (value as { kind?: unknown }).kind === kind;

const positiveNumber = /* @__PURE__ */ numberForm({ above: 0 });

/** A number within limits. By itself for backends, whose bundles then hold no other constructor. */
/* @__NO_SIDE_EFFECTS__ */
export function numberOption(initial: number, limits: Limits = {}): Option<number> {
  return { ...numberForm(limits), default: initial, required: false };
}

const flagOption = (initial: boolean): Option<boolean> => ({
  kind: 'flag',
  default: initial,
  required: false,
  takes: 'true or false',
  accepts: (value): value is boolean => typeof value === 'boolean',
});

/** One of several names. By itself for backends, likewise. */
/* @__NO_SIDE_EFFECTS__ */
export function choiceOption<const Name extends string>(
  initial: NoInfer<Name>,
  choices: readonly Name[],
): Option<Name> {
  return {
    kind: 'choice',
    default: initial,
    required: false,
    choices,
    takes: `one of ${choices.map((name) => `"${name}"`).join(', ')}`,
    accepts: (value): value is Name => choices.includes(value as Name),
  };
}

/** Constructors of options. */
export const option = {
  number: numberOption,
  /** Above 0. */
  positive: (initial: number): Option<number> => ({ ...positiveNumber, default: initial, required: false }),
  /** From 0. */
  nonNegative: (initial: number): Option<number> => option.number(initial, { minimum: 0 }),
  /** From 0, below 1. */
  fraction: (initial: number): Option<number> => option.number(initial, { minimum: 0, below: 1 }),
  /** A whole number from 1, which must be given. */
  count: (): RequiredOption<number> => ({
    ...numberForm({ minimum: 1, whole: true }),
    default: undefined,
    required: true,
  }),
  flag: flagOption,
  choice: choiceOption,
  /** A text that matches `pattern`, or none. */
  text: (pattern: RegExp, takes: string): Option<string | undefined> => ({
    kind: 'text',
    default: undefined,
    required: false,
    takes,
    accepts: (value): value is string => typeof value === 'string' && pattern.test(value),
  }),
  /** `inner`, which may be left out: then there is no value, and saved networks do not mention it. */
  optional: <Value>(inner: Option<Value>): Option<Value | undefined> => ({
    ...inner,
    default: undefined,
    required: false,
    accepts: (value): value is Value => inner.accepts(value),
  }),
  /** Sizes of axes, which must be given. */
  sizes: (): RequiredOption<readonly number[]> => ({
    kind: 'sizes',
    default: undefined,
    required: true,
    takes: 'a list of whole numbers from 1',
    accepts: (value): value is readonly number[] =>
      Array.isArray(value) && value.every((size) => Number.isInteger(size) && size >= 1),
  }),
  /** A list of numbers, or none. */
  numbers: (limits: Limits = {}): Option<readonly number[] | undefined> => {
    const { takes, accepts } = numberForm(limits);
    return {
      kind: 'numbers',
      default: undefined,
      required: false,
      takes: `a list, each ${takes}`,
      accepts: (value): value is readonly number[] =>
        Array.isArray(value) && value.length > 0 && value.every(accepts),
    };
  },
  /** Another plugin, or none. */
  plugin: <Kind extends PluginKind>(kind: Kind): Option<PluginKinds[Kind] | undefined> => ({
    kind: 'plugin',
    default: undefined,
    required: false,
    plugin: kind,
    takes: withArticle(kind),
    accepts: (value): value is PluginKinds[Kind] => isPlugin(value, kind),
  }),
  /** Another plugin, which must be given. */
  requiredPlugin: <Kind extends PluginKind>(kind: Kind): RequiredOption<PluginKinds[Kind]> => ({
    kind: 'plugin',
    default: undefined,
    required: true,
    plugin: kind,
    takes: withArticle(kind),
    accepts: (value): value is PluginKinds[Kind] => isPlugin(value, kind),
  }),
  /** A learning rate: a number above 0 or a schedule. */
  rate: (initial: number): Option<number | Schedule> => ({
    kind: 'rate',
    default: initial,
    required: false,
    plugin: 'schedule',
    takes: `${positiveNumber.takes} or a schedule`,
    accepts: (value): value is number | Schedule =>
      positiveNumber.accepts(value) || isPlugin(value, 'schedule'),
  }),
} as const;

/** The full form of an entry in a schema. */
export function optionOf(entry: Option<unknown> | number | boolean): Option<unknown> {
  if (typeof entry === 'number') return numberOption(entry);
  return typeof entry === 'boolean' ? flagOption(entry) : entry;
}

/**
 * Every option of `schema`: as given, else its default.
 *
 * @throws NeuriteError `option` that names `who`, what it takes and what came, where an option is unknown, missing or not
 * accepted.
 */
export function resolveOptions<S extends Schema>(
  who: string,
  schema: S,
  given: object | undefined,
): Resolved<S> {
  const names = Object.keys(schema);
  const values = given ?? {};
  if (typeof values !== 'object' || Array.isArray(values)) {
    throw new NeuriteError('option', `${who} takes its options as an object, but got ${printValue(given)}`);
  }
  for (const name of Object.keys(values)) {
    if (Object.hasOwn(schema, name) || (values as Record<string, unknown>)[name] === undefined) continue;
    const listed = nearestNames(name, names).map((known) => `"${known}"`);
    throw new NeuriteError(
      'option',
      `${who} has no option "${name}"${listed.length > 0 ? `: it takes ${listed.join(', ')}` : ': it takes none'}`,
    );
  }
  const resolved: Record<string, unknown> = {};
  for (const name of names) {
    const entry = optionOf(schema[name] as Schema[string]);
    const own = (values as Record<string, unknown>)[name];
    const value = own === undefined ? entry.default : own;
    if (value === undefined ? entry.required : value !== entry.default && !entry.accepts(value)) {
      throw new NeuriteError(
        'option',
        `${who}: ${name} must be ${entry.takes}, but got ${printValue(value)}`,
      );
    }
    resolved[name] = value;
  }
  return resolved as Resolved<S>;
}

/** "an activation", "a layer". */
export const withArticle = (kind: string): string => `${/^[aeiou]/.test(kind) ? 'an' : 'a'} ${kind}`;

/** A value as it appears in a message, cut short. */
export function printValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'function') return `the function ${value.name || '(without a name)'}: call it first`;
  const text = typeof value === 'number' ? String(value) : asJson(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function asJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return String(value); // circles and big integers
  }
}
