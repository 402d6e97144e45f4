// Two ways to give a result: for people, and for programs.
import type { Surroundings } from './surroundings.ts';
import { describeTerminal, type Terminal } from './terminal.ts';

/** Where a command says what it has to say. */
export interface Report {
  readonly terminal: Terminal;
  /** Whether programs read what is written: then `say` is silent, and `data` is not. */
  readonly json: boolean;
  /** A line for people. */
  say(text: string): void;
  /** A line for programs. */
  data(value: object): void;
  /** A line on stderr, in either case. */
  warn(text: string): void;
}

export function makeReport(
  { stdout, stderr, environment }: Surroundings,
  json: boolean | undefined = false,
): Report {
  return {
    terminal: describeTerminal(stdout, environment),
    json,
    say: (text) => {
      if (!json) stdout.write(`${text}\n`);
    },
    data: (value) => {
      if (json) stdout.write(`${JSON.stringify(value)}\n`);
    },
    warn: (text) => void stderr.write(`${text}\n`),
  };
}
