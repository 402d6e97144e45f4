// Memory: it grows, ends with a clear error, and comes back.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { tanh } from '@neurite/activations';
import {
  type Computation,
  type Executable,
  lower,
  type Program,
  placeholder,
  sequential,
  train,
  zeros,
} from '@neurite/core';
import { dense } from '@neurite/layers';
import { softmaxCrossEntropy } from '@neurite/losses';
import { momentum } from '@neurite/optimizers';
import { readTensor, sampleNumbers, writeTensor } from '@neurite/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Engine } from '../src/engine.ts';
import { wasm } from '../src/index.ts';

const { capabilities } = wasm();
const mebibyte = 2 ** 20;
const start = (megabytes = 64, threads = 1): Promise<Engine> =>
  Engine.start({ threads, megabytes, deterministic: false, worthSharing: 1 });

const [total, x] = [placeholder('total', [1000], { home: 'state' }), placeholder('x', [1000])];
const adding: Computation = { updates: new Map([[total, total.add(x)]]), outputs: { y: total.mul(2) } };
const program = lower(adding, capabilities);
/** A program whose output alone takes so much. */
const largeProgram = (megabytes: number): Program => {
  const one = placeholder('one', []);
  return lower({ outputs: { y: one.broadcastTo([(megabytes * mebibyte) / 4]).mul(2) } }, capabilities);
};

describe('the arena', () => {
  let engine: Engine;
  let base: Executable;
  let end: number;
  let released: number;
  const compile = (which = program, beside?: Executable): Promise<Executable> =>
    engine.compile(which, beside, () => {
      released += 1;
    });
  beforeEach(async () => {
    engine = await start();
    base = await compile();
    writeTensor(base, program, 'x', new Float32Array(1000).fill(1));
    end = engine.arena.end;
    released = 0;
  });
  const expectUnharmed = async (): Promise<void> => {
    expect(engine.arena.end).toBe(end);
    await base.run();
    expect((await readTensor(base, program, 'total'))[999]).toBe(1);
    const other = await compile();
    await other.run();
    other.release();
    expect(engine.arena.end).toBe(end);
  };

  it('is where it was after a thousand programs, and has not grown', async () => {
    const bytes = engine.arena.memory.buffer.byteLength;
    for (let i = 0; i < 1000; i++) (await compile()).release();
    expect(engine.arena.memory.buffer.byteLength).toBe(bytes);
    expect(released).toBe(1000);
    await expectUnharmed();
  });

  it('grows, and keeps what is in it', async () => {
    expect(engine.arena.memory.buffer.byteLength).toBeLessThan(mebibyte);
    const large = await compile(largeProgram(16));
    expect(engine.arena.memory.buffer.byteLength).toBeGreaterThan(16 * mebibyte);
    large.release();
    await expectUnharmed();
  });

  it('says how much is missing and what to do, and takes nothing', async () => {
    const large = await compile(largeProgram(40));
    await expect(compile(largeProgram(30))).rejects.toMatchObject({
      code: 'unsupported',
      message:
        'wasm: the program needs 31 MiB, but of 64 MiB there are 23 left: give wasm({ megabytes }) more, or use a smaller network, batch or data set',
    });
    large.release();
    (await compile(largeProgram(30))).release();
    await expectUnharmed();
  });

  it('says so where there is room, but not in one piece', async () => {
    const [first, second] = [await compile(largeProgram(24)), await compile(largeProgram(24))];
    first.release();
    await expect(compile(largeProgram(32))).rejects.toThrow(
      'needs 33 MiB, but of 64 MiB there are 39 left: in one piece, or the system has no more: release other trainers',
    );
    (await compile(largeProgram(24))).release(); // fits the gap
    second.release();
    await expectUnharmed();
  });

  it('gets back what a compilation took that failed later', async () => {
    const failing = vi.spyOn(WebAssembly, 'compile').mockRejectedValue(new Error('out of code memory'));
    await expect(compile()).rejects.toThrow('out of code memory');
    await expect(compile(program, base)).rejects.toThrow('out of code memory');
    failing.mockRestore();
    expect(released).toBe(0);
    await expectUnharmed();
  });

  it.each([[[0, 1, 2, 3]], [[3, 2, 1, 0]], [[1, 3, 0, 2]], [[2, 0, 3, 1]]])(
    'gets shared memory back with the last that uses it: released in order %j',
    async (order) => {
      const first = await compile();
      const second = await compile(program, first);
      const third = await compile(program, second);
      const all = [first, second, third, await compile(program, first)];
      for (const each of all) {
        writeTensor(each, program, 'x', new Float32Array(1000).fill(1));
        await each.run();
      }
      for (const [i, which] of order.entries()) {
        expect((await readTensor(all[which]!, program, 'total'))[500]).toBe(4);
        all[which]!.release();
        if (i < 3) expect(engine.arena.end).toBeGreaterThan(end);
      }
      await expectUnharmed();
    },
  );

  it('is not shared with another backend’s executables', async () => {
    const foreign = await wasm().compile(program);
    await expect(compile(program, foreign)).rejects.toMatchObject({ code: 'state' });
    foreign.release();
    await expectUnharmed();
  });
});

describe('the limit', () => {
  afterEach(() => vi.restoreAllMocks());

  it('is the backend’s own error, after which it goes on', async () => {
    const backend = wasm({ megabytes: 8 });
    const small = await backend.compile(program);
    await expect(backend.compile(largeProgram(8))).rejects.toMatchObject({ code: 'unsupported' });
    await small.run();
    small.release();
    await expect(backend.compile(largeProgram(8))).rejects.toThrow(
      'needs 9 MiB, but of 8 MiB there are 7 left',
    );
    (await backend.compile(program)).release();
  });

  it('is met before a trainer has written anything', async () => {
    const network = sequential([256], [dense({ units: 256, initializer: zeros() })]);
    const options = { loss: softmaxCrossEntropy(), optimizer: momentum(), backend: wasm({ megabytes: 6 }) };
    const trainer = await train(network, options);
    const before = await trainer.readParameters();
    const examples = { inputs: new Float32Array(6000 * 256), targets: new Int32Array(6000) };
    await expect(trainer.fit(examples, { batchSize: 100 })).rejects.toMatchObject({ code: 'unsupported' });
    expect(await trainer.readParameters()).toEqual(before);
    const few = { inputs: new Float32Array(256), targets: new Int32Array(1) };
    expect(await trainer.step(few)).toBeGreaterThan(0);
    trainer.release();
  });

  it('may be more than the platform grants', async () => {
    const Original = WebAssembly.Memory;
    vi.spyOn(WebAssembly, 'Memory').mockImplementation(function refuse(
      descriptor: WebAssembly.MemoryDescriptor,
    ) {
      if ((descriptor.maximum ?? 0) > 16) throw new RangeError('could not allocate memory');
      return new Original(descriptor);
    } as never);
    await expect(start(64)).rejects.toMatchObject({
      code: 'unsupported',
      message: 'wasm: there is no memory that can grow to 64 MiB here: give wasm({ megabytes }) less',
    });
  });
});

describe('the heap', () => {
  it('is flat over 100,000 steps of the smallest network', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const heap = (): number => {
      collect();
      collect();
      return process.memoryUsage().heapUsed;
    };
    const network = sequential([2], [dense({ units: 6, activation: tanh() }), dense({ units: 2 })]);
    const options = { loss: softmaxCrossEntropy(), optimizer: momentum(), backend: wasm() };
    const trainer = await train(network, options);
    const data = { inputs: sampleNumbers(20_000), targets: new Int32Array(10_000).map((_, i) => i % 2) };
    await trainer.fit(data, { batchSize: 10, epochs: 20 });
    const before = heap();
    await trainer.fit(data, { batchSize: 10, epochs: 100 });
    expect(await trainer.steps()).toBe(120_000);
    expect(heap() - before).toBeLessThan(100_000);
    trainer.release();
  });

  it('is flat over 100,000 calls', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const engine = await start();
    const executable = await engine.compile(program, undefined, () => {});
    const call = (): void => void executable.run();
    for (let i = 0; i < 1000; i++) call();
    collect();
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < 100_000; i++) call();
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(500_000); // nothing was collected in between
    executable.release();
  });
});
