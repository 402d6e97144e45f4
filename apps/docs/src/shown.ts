// What blocks print: kept for the page that shows it, or compared with what the page shows already.
import { formatWithOptions } from 'node:util';

/** A number; not the digits in a name such as hidden1. */
const number = /(?<![\w.])-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/g;

/** Beginnings of what is shown; other comments speak of it. */
const likeAValue = /^(?:[-\d{['"]|\w+\(\d+\))/;

/**
 * Throws unless `values` print as `expected`: numbers to the digits that are shown, `…` for anything at all.
 *
 * @param standIn whether the numbers come from data that only stands in for the page's: then they may be others.
 */
export function shown(
  where: string,
  expected: string,
  standIn: boolean,
  ...values: readonly unknown[]
): void {
  const text = formatWithOptions({ breakLength: Number.POSITIVE_INFINITY, compact: true }, ...values);
  const flat = text.replace(/\s+/g, ' ').trim();
  const wanted = expected.replace(/^(['"])(.*)\1$/, '$2');
  if (!likeAValue.test(expected) || matches(wanted, flat, standIn)) return;
  throw new Error(`${where}: the page shows ${expected}, but it is ${flat}`);
}

/** What was printed by the blocks that have a name for it. */
export const printed = new Map<string, string[]>();
let current: string[] | undefined;

/** From here on, what `console.log` gets is printed under `name`; under none, it is dropped. */
export function print(name: string | undefined): void {
  current = name === undefined ? undefined : [];
  if (name !== undefined && current) printed.set(name, current);
}

/** In place of `console.log`. */
export const log = (...values: readonly unknown[]): void => {
  current?.push(formatWithOptions({}, ...values));
};

/** Whether `text` is what `expected` says. */
export function matches(expected: string, text: string, standIn: boolean): boolean {
  const pattern = expected
    .split('…')
    .map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
    .join('.*')
    .replace(numberInPattern, '(-?\\d+(?:\\.\\d+)?(?:e[+-]?\\d+)?)');
  const found = new RegExp(`^${pattern}$`).exec(text);
  if (!found) return false;
  if (standIn) return true;
  const wanted = expected.match(number) ?? [];
  return wanted.every((digits, i) => sameToDigits(digits, found[i + 1] as string));
}

/** `number`, in a text whose special characters were escaped. */
const numberInPattern = /(?<![\w.\\])-?\d+(?:\\\.\d+)?(?:e(?:\\\+|-)?\d+)?/g;

function sameToDigits(expected: string, found: string): boolean {
  const decimals = /\.(\d+)/.exec(expected)?.[1]?.length ?? 0;
  const unit = 10 ** -decimals * 10 ** Number(/e(.*)$/.exec(expected)?.[1] ?? 0);
  return Math.abs(Number(expected) - Number(found)) <= unit * 0.501;
}
