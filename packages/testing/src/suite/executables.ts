// The life of an executable: writing, running, reading, sharing, releasing.
import {
  type Backend,
  type Computation,
  type Executable,
  lower,
  NeuriteError,
  type Program,
  placeholder,
} from '@neurite/core';
import { AssertionError } from '../assertionError.ts';
import { readTensor, requireClose, writeTensor } from '../runComputation.ts';
import { backendCase, type SuiteCase, type SuiteContext } from './case.ts';

const data = placeholder('data', [4], { home: 'data' });
const total = placeholder('total', [4], { home: 'state' });
const rate = placeholder('rate', []);
const training: Computation = {
  updates: new Map([[total, total.add(data.mul(rate))]]),
  outputs: { now: total.mul(1) },
};
const looking: Computation = { outputs: { doubled: total.add(data).mul(2) } };

interface Compiled {
  readonly program: Program;
  readonly executable: Executable;
  write(name: string, values: readonly number[]): void;
  expect(name: string, values: readonly number[]): Promise<void>;
}

async function compile(backend: Backend, computation: Computation, beside?: Compiled): Promise<Compiled> {
  const program = lower(computation, backend.capabilities);
  const executable = await backend.compile(program, beside?.executable);
  return {
    program,
    executable,
    write: (name, values) => writeTensor(executable, program, name, values),
    expect: async (name, values) =>
      requireClose(await readTensor(executable, program, name), Float32Array.from(values), 0, name),
  };
}

/** Throws unless `act` throws, or rejects with, a NeuriteError of this code. */
async function requireError(code: NeuriteError['code'], what: string, act: () => unknown): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (error instanceof NeuriteError && error.code === code) return;
    throw new AssertionError(`${what} must throw a NeuriteError '${code}', but threw ${error}`, {
      actual: error,
    });
  }
  throw new AssertionError(`${what} must throw a NeuriteError '${code}', but did not`);
}

export function executableCases(context: SuiteContext): SuiteCase[] {
  const test = backendCase(context);
  return [
    test('says what really runs', async (backend) => {
      const { executable } = await compile(backend, looking);
      executable.release();
      const report = backend.report();
      if (!report?.mode)
        throw new AssertionError('report() must give a mode after compile()', { actual: report });
    }),
    test('keeps state from run to run, which begins as zeros', async (backend) => {
      const { program, executable, write, expect } = await compile(backend, training);
      await expect('total', [0, 0, 0, 0]);
      write('data', [1, 2, 3, 4]);
      write('rate', [0.5]);
      const before = await readTensor(executable, program, 'total');
      await executable.run(3);
      await executable.run();
      await expect('total', [2, 4, 6, 8]);
      await executable.run(0);
      await expect('total', [2, 4, 6, 8]);
      await expect('now', [1.5, 3, 4.5, 6]);
      requireClose(before, new Float32Array(4), 0, 'what was read before');
      executable.release();
    }),
    test('shares data and state with one that is compiled beside it, whoever is released first', async (backend) => {
      for (const order of [
        [0, 1, 2],
        [2, 0, 1],
        [1, 2, 0],
      ]) {
        const first = await compile(backend, training);
        const second = await compile(backend, looking, first);
        const third = await compile(backend, training, second);
        first.write('data', [1, 2, 3, 4]);
        for (const each of [first, third]) each.write('rate', [1]);
        await first.executable.run();
        await third.executable.run(2);
        await second.executable.run();
        await second.expect('doubled', [8, 16, 24, 32]);
        const all = [first, second, third];
        const [early, middle, late] = order.map((i) => all[i] as Compiled) as [Compiled, Compiled, Compiled];
        early.executable.release();
        await late.expect('total', [3, 6, 9, 12]);
        middle.executable.release();
        await late.executable.run();
        await late.expect('data', [1, 2, 3, 4]);
        late.executable.release();
      }
    }),
    test('shares nothing of another dtype or length', async (backend) => {
      const first = await compile(backend, training);
      first.write('data', [1, 2, 3, 4]);
      const bytes = placeholder('data', [4], { home: 'data', dtype: 'uint8' });
      const longer = placeholder('total', [5], { home: 'state' });
      const second = await compile(
        backend,
        { outputs: { a: bytes.cast('float32').mul(1), b: longer.add(1) } },
        first,
      );
      await second.executable.run();
      await second.expect('a', [0, 0, 0, 0]);
      await second.expect('b', [1, 1, 1, 1, 1]);
      for (const { executable } of [first, second]) executable.release();
    }),
    test('reads and writes parts, and gives copies', async (backend) => {
      const { executable, program, expect } = await compile(backend, training);
      const { buffer } = program.names.data as { readonly buffer: number };
      const values = Float32Array.of(5, 6);
      executable.write(buffer, values, 2);
      values[0] = 9;
      const copy = await executable.read(buffer, 1, 2);
      requireClose(copy, Float32Array.of(0, 5), 0, 'a part');
      copy[0] = 9;
      await expect('data', [0, 0, 5, 6]);
      requireClose(await executable.read(buffer, 3), Float32Array.of(6), 0, 'the rest');
      executable.release();
    }),
    test('refuses what does not fit', async (backend) => {
      const { executable, program, expect } = await compile(backend, training);
      const { buffer } = program.names.data as { readonly buffer: number };
      await requireError('dtype', 'a write of integers', () => executable.write(buffer, Int32Array.of(1)));
      for (const offset of [3, -1, 0.5, Number.NaN]) {
        await requireError('shape', `a write at ${offset}`, () =>
          executable.write(buffer, new Float32Array(2), offset),
        );
        await requireError('shape', `a read at ${offset}`, () => executable.read(buffer, offset, 2));
      }
      await expect('data', [0, 0, 0, 0]);
      executable.release();
    }),
    test('can be released twice, and used no more', async (backend) => {
      const compiled = await compile(backend, training);
      const { executable, program } = compiled;
      const { buffer } = program.names.data as { readonly buffer: number };
      executable.release();
      executable.release();
      await requireError('state', 'run()', () => executable.run());
      await requireError('state', 'read()', () => executable.read(buffer));
      await requireError('state', 'write()', () => executable.write(buffer, new Float32Array(4)));
      await requireError('state', 'compile() beside it', () => compile(backend, looking, compiled));
    }),
    test('compiles several at once, and runs one while others are compiled', async (backend) => {
      const first = await compile(backend, training);
      first.write('data', [1, 2, 3, 4]);
      first.write('rate', [1]);
      const others = Array.from({ length: 5 }, () => compile(backend, looking, first));
      await first.executable.run(2);
      for (const { executable, expect } of await Promise.all(others)) {
        await executable.run();
        await expect('doubled', [6, 12, 18, 24]);
        executable.release();
      }
      first.executable.release();
    }),
    test('can be released while others are compiled', async (backend) => {
      for (let i = 0; i < 3; i++) {
        const first = await compile(backend, training);
        const coming = compile(backend, training);
        first.executable.release();
        const second = await coming;
        await second.executable.run();
        await second.expect('total', [0, 0, 0, 0]);
        second.executable.release();
      }
    }),
    test('runs and releases a hundred programs one after the other, large ones among them', async (backend) => {
      for (let i = 0; i < 100; i++) {
        const length = i % 10 === 0 ? 300_000 : 10;
        const x = placeholder('x', [length]);
        const { executable, write, expect } = await compile(backend, {
          outputs: { y: x.mul(2).slice([0], [3]).add(0) },
        });
        write('x', [1, 2, 3]);
        await executable.run();
        await expect('y', [2, 4, 6]);
        executable.release();
      }
    }),
  ];
}
