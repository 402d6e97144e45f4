// Several threads: the same bits whatever their number, many programs on one team, and what happens at its edges.
import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { relu } from '@neurite/activations';
import { lower, type NumberArray, placeholder, sequential, train } from '@neurite/core';
import { dense, dropout } from '@neurite/layers';
import { softmaxCrossEntropy } from '@neurite/losses';
import { adam } from '@neurite/optimizers';
import {
  drawComputation,
  readTensor,
  requireClose,
  runComputation,
  sampleNumbers,
  writeTensor,
} from '@neurite/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { wasm } from '../src/index.ts';
import { keepAlive, sharingBackend } from './sharingBackend.ts';

type Results = Readonly<Record<string, NumberArray>>;

function expectSameBits(actual: Results, expected: Results, what: string): void {
  for (const [name, numbers] of Object.entries(expected)) {
    const [a, b] = [actual[name] as NumberArray, numbers].map(
      ({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength),
    ) as [Uint8Array, Uint8Array];
    if (Buffer.compare(a, b) !== 0) requireClose(actual[name] as NumberArray, numbers, 0, `${what}: ${name}`);
    expect(Buffer.compare(a, b), `${what}: ${name}`).toBe(0);
  }
}

describe('the number of threads', () => {
  const alone = sharingBackend(1);
  const teams = [2, 3].map((threads) => sharingBackend(threads));
  let release: (() => void)[];
  beforeAll(async () => {
    release = await Promise.all([alone, ...teams].map(keepAlive));
  });
  afterAll(() => {
    for (const each of release) each();
  });

  it.each([0, 1, 2, 3])('does not change a bit of what was drawn by lot (%i)', async (part) => {
    for (let seed = 1000 + 12 * part; seed < 1012 + 12 * part; seed++) {
      const { computation, values, steps } = drawComputation(seed);
      const expected = await runComputation(alone, computation, values, steps);
      for (const [i, team] of teams.entries()) {
        const actual = await runComputation(team, computation, values, steps);
        expectSameBits(actual, expected, `seed ${seed}, ${i + 2} threads`);
      }
    }
  });

  it.each([
    [1, 200, 300],
    [301, 9, 17],
    [7, 150, 1025],
    [131, 77, 1025],
  ])('does not change a bit of a product of %i × %i numbers over %i', async (m, n, k) => {
    const [a, b] = [placeholder('a', [m, k]), placeholder('b', [k, n])];
    const w = placeholder('w', [k, n], { home: 'state' });
    const y = a.matmul(b).tanh();
    const computation = {
      outputs: { y, back: y.matmul(b.transpose()) },
      updates: new Map([[w, w.sub(a.transpose().matmul(y))]]),
    };
    const values = {
      a: sampleNumbers(m * k, { seed: 1 }),
      b: sampleNumbers(k * n, { seed: 2 }),
      w: sampleNumbers(k * n, { seed: 3 }),
    };
    const expected = await runComputation(alone, computation, values, 2);
    for (const team of teams)
      expectSameBits(await runComputation(team, computation, values, 2), expected, 'product');
  });

  it('does not change a bit of a training', async () => {
    const data = {
      inputs: Float32Array.from(sampleNumbers(300 * 30, { seed: 4 })),
      targets: Int32Array.from(sampleNumbers(300, { seed: 5, low: 0, high: 10 }), Math.floor),
    };
    const network = sequential(
      [30],
      [dense({ units: 70, activation: relu() }), dropout({ rate: 0.2 }), dense({ units: 10 })],
    );
    const parameters = async (threads: number): Promise<Results> => {
      const options = { loss: softmaxCrossEntropy(), optimizer: adam(), seed: 3 };
      const trainer = await train(network, { ...options, backend: wasm({ threads }) });
      await trainer.fit(data, { epochs: 3, batchSize: 64 });
      const result = await trainer.readParameters();
      trainer.release();
      return result;
    };
    const expected = await parameters(1);
    for (const threads of [2, 3]) expectSameBits(await parameters(threads), expected, `${threads} threads`);
  });
});

describe('a team', () => {
  const [x, total] = [placeholder('x', [100]), placeholder('total', [100], { home: 'state' })];
  const counting = (by: number) => ({ updates: new Map([[total, total.add(x.mul(by))]]) });

  it('executes many programs, in any order, while others come and go', async () => {
    const backend = sharingBackend(3);
    const programs = [1, 2, 3, 4].map((by) => lower(counting(by), backend.capabilities));
    const executables = await Promise.all(programs.map((program) => backend.compile(program)));
    executables.forEach((executable, i) => {
      writeTensor(executable, programs[i]!, 'x', new Float32Array(100).fill(1));
    });
    const steps = [0, 0, 0, 0];
    const makeSteps = async (i: number, count: number): Promise<boolean> => {
      steps[i]! += count;
      const running = executables[i]!.run(count);
      await running;
      return running instanceof Promise;
    };
    let waited = 0; // for workers that were listening
    for (let round = 0; round < 20; round++) {
      let isDone = false;
      const coming = backend.compile(programs[round % 4]!).finally(() => {
        isDone = true;
      });
      for (let i = 0; !isDone || i % 4 !== 0; i++) {
        if (await makeSteps(i % 4, 1 + (i % 3))) waited += 1;
        await setImmediate();
      }
      (await coming).release();
    }
    expect(waited).toBeGreaterThan(0);
    for (const [i, executable] of executables.entries()) {
      expect((await readTensor(executable, programs[i]!, 'total'))[99]).toBe(steps[i]! * (i + 1));
      executable.release();
    }
  });

  it('makes no steps if none are wanted', async () => {
    const backend = sharingBackend(2);
    const program = lower(counting(1), backend.capabilities);
    const executable = await backend.compile(program);
    writeTensor(executable, program, 'x', new Float32Array(100).fill(1));
    for (let i = 0; i < 200; i++) {
      await executable.run(0);
      await executable.run(1);
    }
    expect((await readTensor(executable, program, 'total'))[0]).toBe(200);
    executable.release();
  });

  it('does not run what was released while it waited', async () => {
    const backend = sharingBackend(2);
    const program = lower(counting(1), backend.capabilities);
    const executable = await backend.compile(program);
    const coming = backend.compile(program);
    let running = executable.run();
    while (!running) {
      await setImmediate();
      running = executable.run();
    }
    executable.release();
    await expect(running).rejects.toThrow(expect.objectContaining({ code: 'state' }));
    const other = await coming;
    await other.run();
    other.release();
  });
});

describe.each([1, 2, 3])('a kernel that leaves the memory, on %i threads', (threads) => {
  const [table, rows] = [placeholder('table', [8, 5]), placeholder('rows', [8], { dtype: 'int32' })];
  const gathered = table.gather(rows);
  const computation = { outputs: { gathered, sums: gathered.sum(1).exp() } };
  const outside = 100_000_000;

  it.each([
    ['the first', [0]],
    ['the last', [7]],
    ['every', [0, 3, 7]],
  ])('is an error of the run, whichever thread is the one: %s', async (_, places) => {
    const backend = sharingBackend(threads);
    const program = lower(computation, backend.capabilities);
    const executable = await backend.compile(program);
    writeTensor(executable, program, 'table', new Float32Array(40).fill(0.5));
    for (let round = 0; round < 5; round++) {
      writeTensor(
        executable,
        program,
        'rows',
        Int32Array.from({ length: 8 }, (_each, i) => (places.includes(i) ? outside : i)),
      );
      expect(() => executable.run(3)).toThrow(
        expect.objectContaining({
          code: 'data',
          message: expect.stringMatching(/^wasm: the program read or wrote outside its memory \(/),
        }),
      );
      writeTensor(executable, program, 'rows', new Int32Array(8).fill(7));
      await executable.run(2);
      const sums = await readTensor(executable, program, 'sums');
      requireClose(sums, new Float32Array(8).fill(Math.exp(2.5)), 1e-6, 'sums');
    }
    const other = await backend.compile(program);
    executable.release();
    await other.run();
    other.release();
  });
});

describe('workers', () => {
  afterEach(() => vi.restoreAllMocks());
  const program = lower({ outputs: { y: placeholder('x', [64]).mul(2) } }, wasm().capabilities);

  /** Lets workers be made by `Worker`. */
  const replaceWorker = (Worker: unknown): void => {
    const original = process.getBuiltinModule;
    vi.spyOn(process, 'getBuiltinModule').mockImplementation(((name: string) =>
      name === 'node:worker_threads' ? { Worker } : original(name as 'node:os')) as typeof original);
  };

  it('are made for the first program that wants them, and end with the last executable', async () => {
    const { Worker } = process.getBuiltinModule('node:worker_threads');
    const ends: Promise<unknown>[] = [];
    replaceWorker(
      class extends Worker {
        constructor(source: string, options: object) {
          super(source, options);
          ends.push(once(this, 'exit'));
        }
      },
    );
    const backend = sharingBackend(3);
    const one = lower({ outputs: { y: placeholder('x', []).mul(2) } }, backend.capabilities);
    const executables = [await backend.compile(one)];
    expect(ends).toHaveLength(0);
    executables.push(await backend.compile(program), await backend.compile(program));
    expect(ends).toHaveLength(2);
    for (const executable of executables) executable.release();
    await Promise.all(ends);
  });

  it('are named, with what to do, when they cannot be made', async () => {
    replaceWorker(
      class {
        constructor() {
          throw new Error('no more threads');
        }
      },
    );
    await expect(sharingBackend(2).compile(program)).rejects.toMatchObject({
      code: 'unsupported',
      message: 'wasm: a worker failed (no more threads): use wasm({ threads: 1 })',
    });
  });

  it('are named when they end before they are ready; later compilations start anew', async () => {
    const { Worker } = process.getBuiltinModule('node:worker_threads');
    replaceWorker(
      class extends Worker {
        constructor() {
          super('throw new Error("not today")', { eval: true });
        }
      },
    );
    const backend = sharingBackend(2);
    await expect(backend.compile(program)).rejects.toThrow('wasm: a worker failed (not today)');
    vi.restoreAllMocks();
    const executable = await backend.compile(program);
    await executable.run();
    executable.release();
  });
});

describe('report()', () => {
  const compiled = async (backend: ReturnType<typeof wasm>) => {
    expect(backend.report()).toBeUndefined();
    const executable = await backend.compile(
      lower({ outputs: { y: placeholder('x', [9]).mul(2) } }, backend.capabilities),
    );
    executable.release();
    return backend.report();
  };
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });

  it('is not reached without SIMD', async () => {
    vi.spyOn(WebAssembly, 'validate').mockReturnValue(false);
    await expect(compiled(wasm())).rejects.toMatchObject({
      code: 'unsupported',
      message: 'wasm: there is no WebAssembly SIMD here: use the cpu backend',
    });
  });

  it('says how many threads there are', async () => {
    expect(await compiled(wasm({ threads: 3 }))).toMatchObject({
      mode: expect.stringMatching(/^3 threads, (relaxed )?SIMD$/),
      notes: [],
    });
    expect(await compiled(wasm({ threads: 1, deterministic: true }))).toEqual({
      mode: '1 thread, SIMD',
      notes: [],
    });
  });

  it('says why there is one', async () => {
    vi.stubGlobal('SharedArrayBuffer', undefined);
    expect(await compiled(wasm({ threads: 2 }))).toMatchObject({
      mode: expect.stringMatching(/^1 thread, /),
      notes: ['one thread, because SharedArrayBuffer is missing'],
    });
    expect(await compiled(wasm({ threads: 1 }))).toMatchObject({ notes: [] });
  });
});
