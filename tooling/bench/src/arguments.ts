// The command line.
import { parseArgs } from 'node:util';
import { rows } from './rows.ts';
import { suites } from './suites/index.ts';
import { systems } from './systems/index.ts';

export interface Arguments {
  readonly suites: readonly string[];
  readonly rows: readonly string[];
  readonly systems: readonly string[];
  readonly quick: boolean;
  readonly slow: boolean;
  readonly markdown: boolean;
  readonly json: string | undefined;
  readonly help: boolean;
}

/** Somebody asked for what there is not; the message says what there is. */
export class UsageError extends Error {}

const names = {
  suite: Object.keys(suites),
  rows: rows.map(({ name }) => name),
  systems: Object.keys(systems),
};

export const usage = `pnpm bench [options]

  --suite A,B      what is measured: ${names.suite.join(', ')} (all of it)
  --rows A,B       networks of the suite step: ${names.rows.join(', ')}
  --systems A,B    ${names.systems.join(', ')}
  --quick          fewer and shorter rounds: a look, not a figure to quote
  --slow           leaves out nobody for taking minutes
  --markdown       prints what goes into the README, and no best rounds
  --json FILE      writes the figures there as well
  --help           this
`;

/** @throws UsageError */
export function parseArguments(args: readonly string[]): Arguments {
  const given = parse(args);
  const { quick = false, slow = false, markdown = false, json, help = false } = given;
  return {
    suites: chosen('suite', given.suite?.split(','), names.suite),
    rows: chosen('rows', given.rows?.split(','), names.rows),
    systems: chosen('systems', given.systems?.split(','), names.systems),
    quick,
    slow,
    markdown,
    json,
    help,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: args.filter((argument, i) => !(i === 0 && argument === '--')), // pnpm hands on the -- of `pnpm bench -- …`
      options: {
        suite: { type: 'string' },
        rows: { type: 'string' },
        systems: { type: 'string' },
        quick: { type: 'boolean' },
        slow: { type: 'boolean' },
        markdown: { type: 'boolean' },
        json: { type: 'string' },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n\n${usage}`);
  }
}

/** In the order of `allowed`, each once; all of them where nothing was asked for. */
function chosen(
  option: string,
  asked: readonly string[] | undefined,
  allowed: readonly string[],
): readonly string[] {
  if (asked === undefined) return allowed;
  const unknown = asked.find((name) => !allowed.includes(name));
  if (unknown !== undefined)
    throw new UsageError(`--${option} takes ${allowed.join(', ')}, but got "${unknown}"`);
  return allowed.filter((name) => asked.includes(name));
}
