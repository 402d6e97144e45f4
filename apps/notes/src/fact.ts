// What an experiment is held to, as data: the tests throw where a fact does not hold, the pages print it either way.

export interface Fact {
  readonly what: string;
  readonly measured: string;
  /** In words; empty for a number that is only reported. */
  readonly wanted: string;
  /** Undefined for a number that is only reported. */
  readonly holds: boolean | undefined;
}

/** A number with as many digits as a reader wants. */
export function printNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (value < 0) return `−${printNumber(-value)}`;
  if (Number.isInteger(value) && value < 1e15) return value.toLocaleString('en');
  if (value >= 1e-3 && value < 1e6) return String(Number(value.toPrecision(4)));
  const [digits, exponent] = value.toExponential(1).split('e').map(Number);
  return `${digits === 1 ? '' : `${digits} · `}10^${exponent}`;
}

/** 0.25 as "25 %". */
export const printShare = (value: number): string => `${printNumber(Math.round(1000 * value) / 10)} %`;

type Print = (value: number) => string;

export const below = (what: string, value: number, limit: number, print: Print = printNumber): Fact => ({
  what,
  measured: print(value),
  wanted: `less than ${print(limit)}`,
  holds: value < limit,
});

export const above = (what: string, value: number, limit: number, print: Print = printNumber): Fact => ({
  what,
  measured: print(value),
  wanted: `more than ${print(limit)}`,
  holds: value > limit,
});

export const atMost = (what: string, value: number, limit: number, print: Print = printNumber): Fact => ({
  what,
  measured: print(value),
  wanted: `at most ${print(limit)}`,
  holds: value <= limit,
});

export const equals = (what: string, value: number, wanted: number, print: Print = printNumber): Fact => ({
  what,
  measured: print(value),
  wanted: print(wanted),
  holds: value === wanted,
});

/** Whether `value` is `wanted`, give or take `tolerance`. */
export const near = (what: string, value: number, wanted: number, tolerance: number): Fact => ({
  what,
  measured: printNumber(value),
  wanted: `${printNumber(wanted)} ± ${printNumber(tolerance)}`,
  holds: Math.abs(value - wanted) <= tolerance,
});

export const says = (what: string, text: string, part: string): Fact => ({
  what,
  measured: text,
  wanted: `says “${part}”`,
  holds: text.includes(part),
});

/** A number that is shown and held to nothing. */
export const report = (what: string, value: number, print: Print = printNumber): Fact => ({
  what,
  measured: print(value),
  wanted: '',
  holds: undefined,
});
