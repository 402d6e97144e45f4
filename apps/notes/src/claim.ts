// What a claim of the course notes is here: words, an experiment, a figure, and the facts that show it.
import type { Fact } from './fact.ts';

/** A number that the reader can move. */
export interface Slider {
  readonly label: string;
  readonly value: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly step: number;
}

/** One of several, by name. */
export interface Choice<Name extends string = string> {
  readonly label: string;
  readonly value: Name;
  readonly choices: readonly Name[];
}

export type Controls = Readonly<Record<string, Slider | Choice>>;

/** What an experiment gets: its seed, and where the controls stand. */
export type Settings<C> = { readonly seed: number } & {
  readonly [Name in keyof C]: C[Name] extends { readonly choices: readonly (infer Value)[] } ? Value : number;
};

interface ClaimOptions<Result, C> {
  /** The claim's place among those of the notes. */
  readonly number: number;
  readonly title: string;
  /** Markdown, with mathematics between dollars. */
  readonly text: string;
  /** 1. */
  readonly seed?: number;
  readonly controls?: C;
  readonly experiment: (settings: Settings<C>) => Promise<Result>;
  /** As it is with the seed and the controls that the page begins with. */
  readonly facts: (result: Result) => readonly Fact[];
  /** What would have come out if the claim were false; at least one fact must refuse it. */
  readonly refutedBy: (result: Result) => Result;
  /** HTML or SVG. */
  readonly figure: (result: Result) => string;
}

/** A run of an experiment, ready to be shown. */
export interface Run {
  readonly figure: string;
  readonly facts: readonly Fact[];
  /** The result as JSON, six decimals of each number, so that what rounding leaves counts as nothing: what two runs are compared by. */
  readonly result: string;
}

/** A claim whose result only its own parts know. */
export interface Claim {
  readonly number: number;
  readonly title: string;
  readonly text: string;
  readonly controls: Controls;
  /** The seed and the controls that the page begins with. */
  readonly settings: Readonly<Record<string, number | string>>;
  run(settings: Readonly<Record<string, number | string>>): Promise<Run>;
  /** The facts of the run with the page's settings, of that result refuted, and of one with all numbers lost. */
  trial(): Promise<{ readonly run: Run; readonly refuted: readonly Fact[]; readonly lost: readonly Fact[] }>;
}

export function defineClaim<Result, const C extends Controls = Record<never, never>>(
  options: ClaimOptions<Result, C>,
): Claim {
  const { number, title, text, controls = {} as C, experiment, facts, refutedBy, figure } = options;
  const settings: Record<string, number | string> = { seed: options.seed ?? 1 };
  for (const [name, { value }] of Object.entries(controls)) settings[name] = value;
  const shown = (result: Result): Run => ({
    figure: figure(result),
    facts: facts(result),
    result: JSON.stringify(result, sixDecimals),
  });
  return {
    number,
    title,
    text,
    controls,
    settings,
    run: async (given) => shown(await experiment({ ...settings, ...given } as Settings<C>)),
    trial: async () => {
      const result = await experiment(settings as Settings<C>);
      return { run: shown(result), refuted: facts(refutedBy(result)), lost: facts(lose(result) as Result) };
    },
  };
}

function sixDecimals(key: string, value: unknown): unknown {
  if (key === 'nanoseconds') return undefined; // no two runs agree on them
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<number>);
  if (typeof value === 'number' && Number.isFinite(value)) return Math.round(value * 1e6) / 1e6;
  return typeof value === 'number' ? String(value) : value;
}

/** The same result with nothing in it: every number NaN, every text empty, every yes a no. */
function lose(value: unknown): unknown {
  if (typeof value === 'number') return Number.NaN;
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'string') return '';
  if (Array.isArray(value)) return value.map(lose);
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<number>, () => Number.NaN);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, lose(inner)]));
}
