// The command line.
import { parseArgs } from 'node:util';
import { rows } from './rows.ts';
import { suites } from './suites/index.ts';
import { systems } from './systems/index.ts';

export interface Arguments {
  readonly suite: string;
  readonly rows: readonly string[];
  readonly systems: readonly string[];
  readonly quick: boolean;
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

  --suite NAME     what is measured: ${names.suite.join(', ')}
  --rows A,B       networks: ${names.rows.join(', ')}
  --systems A,B    ${names.systems.join(', ')}
  --quick          fewer and shorter rounds: a look, not a figure to quote
  --json FILE      writes the figures there as well
  --help           this
`;

/** @throws UsageError */
export function parseArguments(args: readonly string[]): Arguments {
  const { suite = 'step', rows, systems, quick = false, json, help = false } = parse(args);
  return {
    suite: chosen('suite', [suite], names.suite)[0] as string,
    rows: chosen('rows', rows?.split(','), names.rows),
    systems: chosen('systems', systems?.split(','), names.systems),
    quick,
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
