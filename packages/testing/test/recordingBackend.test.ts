import {
  type Computation,
  type Executable,
  lower,
  type Program,
  placeholder,
  type Tensor,
} from '@neurite/core';
import { describe, expect, it } from 'vitest';
import { AssertionError, type RecordedRun, recordingBackend } from '../src/index.ts';

const x = placeholder('x', [3]);
const total = placeholder('total', [3], { home: 'state' });
const rows = placeholder('rows', [2], { dtype: 'int32', home: 'data' });
const computation: Computation = {
  updates: new Map<Tensor, Tensor>([[total, total.add(x)]]),
  outputs: { y: x.mul(2), z: rows.add(1) },
};

async function setUp(onRun?: (run: RecordedRun) => void) {
  const backend = recordingBackend(onRun && { onRun });
  const program = lower(computation, backend.capabilities);
  const executable = await backend.compile(program);
  const id = (name: string): number => program.names[name]?.buffer as number;
  return { backend, program, executable, id };
}

describe('recordingBackend', () => {
  it('remembers everything in order', async () => {
    const { backend, program, executable, id } = await setUp();
    executable.write(id('x'), Float32Array.of(1, 2), 1);
    executable.run();
    executable.run(5);
    executable.read(id('y'), 1, 2);
    executable.release();
    expect(backend.log).toEqual([
      { kind: 'compile', executable: 0, program, beside: undefined },
      { kind: 'write', executable: 0, buffer: 'x', values: Float32Array.of(1, 2), offset: 1 },
      { kind: 'run', executable: 0, steps: 1 },
      { kind: 'run', executable: 0, steps: 5 },
      { kind: 'read', executable: 0, buffer: 'y', offset: 1, length: 2 },
      { kind: 'release', executable: 0 },
    ]);
    expect(backend.recorded('run').map(({ steps }) => steps)).toEqual([1, 5]);
  });

  it('remembers what was written, not what became of it', async () => {
    const { backend, executable, id } = await setUp();
    const values = Float32Array.of(1, 2, 3);
    executable.write(id('x'), values);
    values.fill(0);
    expect(backend.recorded('write')[0]?.values).toEqual(Float32Array.of(1, 2, 3));
  });

  it('forgets on demand, and counts what lives', async () => {
    const { backend, program, executable } = await setUp();
    const second = await backend.compile(program, executable);
    expect(backend.alive).toBe(2);
    backend.forget();
    expect(backend.log).toEqual([]);
    executable.release();
    second.release();
    expect(backend.alive).toBe(0);
    expect(backend.log).toHaveLength(2);
  });

  it('computes nothing: a read gives what was written, else zeros, as a copy', async () => {
    const { executable, id } = await setUp();
    executable.write(id('total'), Float32Array.of(1, 2, 3));
    executable.run();
    expect(executable.read(id('total'))).toEqual(Float32Array.of(1, 2, 3));
    expect(executable.read(id('y'))).toEqual(new Float32Array(3));
    expect(executable.read(id('z'))).toEqual(new Int32Array(2));
    const copy = (await executable.read(id('total'))) as Float32Array;
    copy.fill(9);
    expect(executable.read(id('total'), 1)).toEqual(Float32Array.of(2, 3));
  });

  it('shares state and data with what was compiled beside it, and nothing else', async () => {
    const { backend, program, executable, id } = await setUp();
    const second = await backend.compile(program, executable);
    for (const name of ['x', 'total']) executable.write(id(name), Float32Array.of(1, 2, 3));
    executable.write(id('rows'), Int32Array.of(4, 5));
    expect(second.read(id('total'))).toEqual(Float32Array.of(1, 2, 3));
    expect(second.read(id('rows'))).toEqual(Int32Array.of(4, 5));
    expect(second.read(id('x'))).toEqual(new Float32Array(3));
    executable.release();
    expect(second.read(id('total'))).toEqual(Float32Array.of(1, 2, 3));
  });

  it('shares nothing of another dtype or length', async () => {
    const { backend, executable, id } = await setUp();
    executable.write(id('total'), Float32Array.of(1, 2, 3));
    const longer = placeholder('total', [4], { home: 'state' });
    const double = placeholder('total', [3], { home: 'state', dtype: 'float64' });
    for (const state of [longer, double]) {
      const program = lower({ updates: new Map([[state, state.add(1)]]) }, backend.capabilities);
      const other = await backend.compile(program, executable);
      const values = (await other.read(0)) as Float64Array;
      expect(values.every((value) => value === 0)).toBe(true);
    }
  });

  it('lets a test play the program', async () => {
    const { executable, id } = await setUp(({ get, set, steps, program }) => {
      expect(program.kernels.length).toBeGreaterThan(0);
      set(
        'total',
        get('total').map((value) => value + steps),
      );
      set('y', [7], 2);
    });
    executable.write(id('total'), Float32Array.of(1, 2, 3));
    executable.run(10);
    expect(executable.read(id('total'))).toEqual(Float32Array.of(11, 12, 13));
    expect(executable.read(id('y'))).toEqual(Float32Array.of(0, 0, 7));
    const { executable: other } = await setUp(({ set }) => set('nothing', [1]));
    expect(() => other.run()).toThrow('executable 0 has no buffer "nothing"');
  });

  const misuse: [
    what: string,
    use: (executable: Executable, program: Program) => unknown,
    message: string,
  ][] = [
    [
      'numbers of another dtype',
      (executable, { names }) => executable.write(names.x?.buffer ?? 0, Int32Array.of(1)),
      'write() to "x" takes Float32Array, but got Int32Array',
    ],
    [
      'too many numbers',
      (executable, { names }) => executable.write(names.x?.buffer ?? 0, new Float32Array(2), 2),
      'write(): buffer "x" has 3 elements, but got 2 from 2',
    ],
    [
      'an offset below 0',
      (executable, { names }) => executable.read(names.x?.buffer ?? 0, -1, 1),
      'read(): buffer "x" has 3 elements, but got 1 from -1',
    ],
    ['a buffer that is not there', (executable) => executable.read(99), 'read(): there is no buffer 99'],
  ];
  it.each(misuse)('finds fault with %s', async (_, use, message) => {
    const { executable, program } = await setUp();
    expect(() => use(executable, program)).toThrow(new AssertionError(message));
  });

  it('finds fault with whoever uses what is released', async () => {
    const { backend, executable, program, id } = await setUp();
    executable.release();
    const uses = [
      () => executable.run(),
      () => executable.read(id('x')),
      () => executable.write(id('x'), new Float32Array(3)),
      () => executable.release(),
    ];
    for (const use of uses)
      expect(use).toThrow(/^(run|read|write|release)\(\) was called on executable 0, which is released$/);
    await expect(backend.compile(program, executable)).rejects.toThrow(
      /^compile\(\) beside it was called on executable 0/,
    );
  });

  it('finds fault with programs that break the rules, and with memory of another backend', async () => {
    const { backend, program } = await setUp();
    const broken = { ...program, buffers: program.buffers.map((buffer) => ({ ...buffer, length: 1 })) };
    await expect(backend.compile(broken)).rejects.toMatchObject({ code: 'internal' });
    const { executable: foreign } = await setUp();
    await expect(backend.compile(program, foreign)).rejects.toThrow('an executable of another backend');
  });

  it('says what it takes and what runs', () => {
    const capabilities = { dtypes: ['float32'], inPlace: false } as const;
    expect(recordingBackend({ capabilities }).capabilities).toBe(capabilities);
    expect(recordingBackend()).toMatchObject({ kind: 'backend', type: 'recording', options: {} });
    expect(recordingBackend().report()?.mode).toBe('nothing is computed');
  });
});
