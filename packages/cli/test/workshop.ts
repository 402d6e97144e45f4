// A folder with data files, and the command line in it, without a process of its own.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { iris } from '@neurite/datasets';
import { neurite } from '../src/index.ts';

export interface Ended {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
  /** The lines of the output as JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: what programs read has no type
  readonly data: readonly any[];
}

export interface Workshop {
  readonly folder: string;
  write(name: string, content: string | Uint8Array): void;
  read(name: string): string;
  bytes(name: string): Uint8Array;
  /** @param interruptAt Ctrl-C is typed when so many lines were written. */
  run(words: readonly string[], options?: { stdin?: string; interruptAt?: number }): Promise<Ended>;
  remove(): void;
}

export function openWorkshop(): Workshop {
  const folder = mkdtempSync(join(tmpdir(), 'neurite-cli-'));
  return {
    folder,
    write: (name, content) => writeFileSync(join(folder, name), content),
    read: (name) => readFileSync(join(folder, name), 'utf8'),
    bytes: (name) => readFileSync(join(folder, name)),
    run: async (words, { stdin = '', interruptAt = Number.POSITIVE_INFINITY } = {}) => {
      let [output, errors, lines] = ['', '', 0];
      let stop: (() => void) | undefined;
      const code = await neurite(words, {
        stdout: {
          write: (text) => {
            output += text;
            lines += text.split('\n').length - 1;
            if (lines >= interruptAt) stop?.();
          },
        },
        stderr: {
          write: (text) => {
            errors += text;
          },
        },
        stdin: (async function* () {
          yield new TextEncoder().encode(stdin);
        })(),
        folder,
        environment: {},
        onInterrupt: (act) => {
          stop = act;
          return () => {
            stop = undefined;
          };
        },
      });
      const parse = (): readonly unknown[] =>
        output
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line));
      return {
        code,
        output,
        errors,
        get data() {
          return parse();
        },
      };
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

const round = (number: number): number => Number(number.toFixed(1));

/** Iris as a table; `columns` in that order. */
export function irisCsv(columns = ['sepal length', 'sepal width', 'petal length', 'petal width', 'species']) {
  const { inputs, targets, classes } = iris();
  const names = ['sepal length', 'sepal width', 'petal length', 'petal width'];
  const rows = Array.from(targets, (label, row) =>
    columns
      .map((name) =>
        name === 'species' ? classes[label] : round(inputs[4 * row + names.indexOf(name)] as number),
      )
      .join(','),
  );
  return `${[columns.join(','), ...rows].join('\n')}\n`;
}

/** Prices that follow from rooms, age and street. */
export function housesCsv(): string {
  const streets = ['main', 'park', 'side'];
  const rows = Array.from({ length: 120 }, (_, i) => {
    const [rooms, age] = [1 + (i % 7), (i * 37) % 100];
    return `${rooms},${age},${streets[i % 3]},${100_000 + 50_000 * rooms - 800 * age + (i % 3) * 20_000}`;
  });
  return `${['rooms,age,street,price', ...rows].join('\n')}\n`;
}

/** An IDX file of uint8. */
export function idx(shape: readonly number[], values: readonly number[]): Uint8Array {
  const header = new DataView(new ArrayBuffer(4 + 4 * shape.length));
  header.setUint32(0, 0x0800 + shape.length);
  shape.forEach((size, axis) => {
    header.setUint32(4 + 4 * axis, size);
  });
  return Buffer.concat([new Uint8Array(header.buffer), Uint8Array.from(values)]);
}
