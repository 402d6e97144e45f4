import { placeholder as input, lower } from '@neurite/core';
import { describe, expect, it } from 'vitest';
import { emitProgram } from '../src/emit.ts';
import { cpu } from '../src/index.ts';
import { backends, numbers, read, write } from './oracle.ts';

const data = input('data', [4], { home: 'data' });
const total = input('total', [4], { home: 'state' });
const rate = input('rate', []);
const training = { updates: new Map([[total, total.add(data.mul(rate))]]), outputs: { now: total.mul(1) } };
const looking = { outputs: { doubled: total.add(data).mul(2) } };

describe.each(Object.entries(backends))('an executable, %s,', (mode, backend) => {
  const compile = async (
    computation: Parameters<typeof lower>[0],
    beside?: Awaited<ReturnType<typeof backend.compile>>,
  ) => {
    const program = lower(computation, backend.capabilities);
    return { program, executable: await backend.compile(program, beside) };
  };

  it('says how it runs', async () => {
    const { executable } = await compile(training);
    expect(executable).toHaveProperty('mode', mode);
  });

  it('keeps state from run to run, which begins as zeros', async () => {
    const { program, executable } = await compile(training);
    write(executable, program, 'data', [1, 2, 3, 4]);
    write(executable, program, 'rate', [0.5]);
    executable.run(3);
    executable.run();
    expect([...read(executable, program, 'total')]).toEqual([2, 4, 6, 8]);
    executable.run(0);
    expect([...read(executable, program, 'total')]).toEqual([2, 4, 6, 8]);
  });

  it('shares data and state with one that was compiled beside it', async () => {
    const first = await compile(training);
    const second = await compile(looking, first.executable);
    write(first.executable, first.program, 'data', [1, 2, 3, 4]);
    write(first.executable, first.program, 'rate', [1]);
    first.executable.run();
    first.executable.release();
    second.executable.run();
    expect([...read(second.executable, second.program, 'doubled')]).toEqual([4, 8, 12, 16]);
  });

  it('shares nothing of another dtype or length', async () => {
    const first = await compile(training);
    const other = input('data', [4], { home: 'data', dtype: 'uint8' });
    const longer = input('total', [5], { home: 'state' });
    write(first.executable, first.program, 'data', [1, 2, 3, 4]);
    const second = await compile(
      { outputs: { a: other.cast('float32').mul(1), b: longer.add(1) } },
      first.executable,
    );
    second.executable.run();
    expect([...read(second.executable, second.program, 'a')]).toEqual([0, 0, 0, 0]);
  });

  it('reads and writes parts, and gives copies', async () => {
    const { program, executable } = await compile(training);
    const { buffer } = program.names.data as { buffer: number };
    executable.write(buffer, Float32Array.of(5, 6), 2);
    const copy = await executable.read(buffer, 1, 2);
    expect(copy).toEqual(Float32Array.of(0, 5));
    copy[0] = 9;
    expect(await executable.read(buffer, 1)).toEqual(Float32Array.of(0, 5, 6));
  });

  it('refuses what does not fit', async () => {
    const { program, executable } = await compile(training);
    const { buffer } = program.names.data as { buffer: number };
    expect(() => executable.write(buffer, Int32Array.of(1))).toThrow(
      expect.objectContaining({ code: 'dtype' }),
    );
    expect(() => executable.write(buffer, new Float32Array(2), 3)).toThrow(
      expect.objectContaining({ code: 'shape' }),
    );
    expect(() => executable.write(buffer, new Float32Array(2), -1)).toThrow(
      expect.objectContaining({ code: 'shape' }),
    );
    expect(() => executable.read(buffer, 2, 3)).toThrow('buffer "data" has 4 elements, but got 3 from 2');
    expect(() => executable.read(99)).toThrow(expect.objectContaining({ code: 'internal' }));
  });

  it('can be released twice, and used no more', async () => {
    const { executable } = await compile(training);
    executable.release();
    executable.release();
    for (const use of [
      () => executable.run(),
      () => executable.read(0),
      () => executable.write(0, new Float32Array(4)),
    ]) {
      expect(use).toThrow(expect.objectContaining({ code: 'state' }));
    }
    await expect(backend.compile(lower(looking, backend.capabilities), executable)).rejects.toThrow(
      'compile it again',
    );
  });
});

describe('code', () => {
  it('is made once for programs of one structure', async () => {
    const made: string[] = [];
    const Original = globalThis.Function;
    globalThis.Function = new Proxy(Original, {
      construct: (target, texts: string[]) => {
        made.push(texts.at(-1) as string);
        return Reflect.construct(target, texts) as object;
      },
    });
    try {
      const backend = cpu();
      for (let i = 0; i < 3; i++) await backend.compile(lower(training, backend.capabilities));
    } finally {
      globalThis.Function = Original;
    }
    expect(made.filter((text) => text.includes('kernel0'))).toHaveLength(1);
  });

  it('is not asked for where the page forbids it', async () => {
    const Original = globalThis.Function;
    globalThis.Function = new Proxy(Original, {
      construct: () => {
        throw new EvalError('forbidden by the content-security policy');
      },
    });
    try {
      const backend = cpu();
      expect(await backend.compile(lower(training, backend.capabilities))).toHaveProperty(
        'mode',
        'interpreted',
      );
    } finally {
      globalThis.Function = Original;
    }
  });

  it('takes nothing from labels but a comment', () => {
    const program = lower(looking, backends.compiled.capabilities);
    const kernels = program.kernels.map((kernel) => ({ ...kernel, label: 'a\nthrow 1\u2028throw 2\r*/' }));
    expect(emitProgram({ ...program, kernels })).toContain('// a throw 1 throw 2 */\nfunction kernel0');
  });

  it('computes once, and outside the loops, what is the same there', () => {
    const [x, scale] = [input('x', [8, 9]), input('scale', [8, 1])];
    const source = emitProgram(
      lower({ outputs: { y: x.mul(rate.exp()).mul(scale.sqrt()).square() } }, backends.compiled.capabilities),
    );
    const [outside, rows, inner] = source.slice(source.indexOf('function kernel0')).split('for (let ');
    expect(outside).toContain('exp(');
    expect(rows).toContain('Math.sqrt(');
    expect(inner).not.toMatch(/exp|sqrt/);
  });

  it('runs a list of rows that changes', async () => {
    const rows = input('rows', [3], { dtype: 'int32' });
    const table = input('table', [5, 2], { home: 'data' });
    const backend = cpu();
    const program = lower({ outputs: { y: table.gather(rows).mul(2) } }, backend.capabilities);
    const executable = await backend.compile(program);
    write(executable, program, 'table', numbers(10));
    for (const list of [
      [0, 1, 2],
      [4, 4, 0],
    ]) {
      write(executable, program, 'rows', list);
      executable.run();
      const expected = list
        .flatMap((row) => numbers(10).slice(2 * row, 2 * row + 2))
        .map((value) => 2 * value);
      expect([...read(executable, program, 'y')]).toEqual(expected);
    }
  });
});
