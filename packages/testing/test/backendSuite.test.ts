// The judge is judged: the reference passes, planted faults do not, and nothing that a program can say is left out.
import { cpu } from '@neurite/backend-cpu';
import type { Backend, Executable, NumberArray, Program } from '@neurite/core';
import {
  type Expression,
  type Kernel,
  kernelExpressions,
  mapExpressions,
  type ScalarOperation,
  scalarOperations,
  visitExpressions,
} from '@neurite/core/program';
import { describe, expect, it } from 'vitest';
import { backendSuite } from '../src/index.ts';

/** The CPU backend with something changed on the way in or out. */
function changed({
  program: changeProgram = (program) => program,
  executable: changeExecutable = (executable) => executable,
  ...rest
}: Partial<Omit<Backend, 'compile'>> & {
  readonly program?: (program: Program) => Program;
  readonly executable?: (executable: Executable) => Executable;
}): Backend {
  const backend = cpu();
  const originals = new Map<Executable, Executable>();
  return {
    ...backend,
    ...rest,
    compile: async (program, beside) => {
      const original = await backend.compile(
        changeProgram(program),
        beside && (originals.get(beside) ?? beside),
      );
      const executable = changeExecutable(original);
      originals.set(executable, original);
      return executable;
    },
  };
}

const onKernels =
  (change: (kernel: Kernel) => Kernel) =>
  (program: Program): Program => ({ ...program, kernels: program.kernels.map(change) });

const onExpressions = (change: (expression: Expression) => Expression) =>
  onKernels((kernel) => {
    const [first, ...rest] = mapExpressions(kernelExpressions(kernel), change);
    if (kernel.kind === 'reduce') return { ...kernel, input: first as Expression, outputs: rest };
    if (kernel.kind === 'gather') return { ...kernel, row: first as Expression, outputs: rest };
    return { ...kernel, outputs: first ? [first, ...rest] : [] };
  });

const instead = (from: ScalarOperation, to: ScalarOperation) =>
  onExpressions((expression) =>
    expression.kind === 'operation' && expression.operation === from
      ? { ...expression, operation: to }
      : expression,
  );

/** An executable that does one thing in another way. */
const with_ = (executable: Executable, own: Partial<Executable>): Executable => ({
  write: (...given) => executable.write(...given),
  run: (steps) => executable.run(steps),
  read: (...given) => executable.read(...given),
  release: () => executable.release(),
  ...own,
});

const shortened = <K extends Kernel>(kernel: K): K => ({
  ...kernel,
  shape: kernel.shape.map((size, axis) => (axis === kernel.shape.length - 1 && size > 16 ? size - 1 : size)),
});

/** What is wrong, with which backend, and where it must be noticed. */
const faults: readonly (readonly [what: string, backend: Backend, where: RegExp])[] = [
  ...(Object.keys(scalarOperations) as ScalarOperation[]).map((operation) => {
    const other = operation === 'neg' ? 'abs' : 'neg';
    return [
      `${operation} is ${other}`,
      changed({ program: instead(operation, other) }),
      /computes|casts|raises/,
    ] as const;
  }),
  ['the last of a row is left out', changed({ program: onKernels(shortened) }), /whatever the size/],
  [
    'the last of a sum is left out',
    changed({
      program: onKernels((kernel) =>
        kernel.kind === 'reduce'
          ? { ...kernel, over: kernel.over.map((size) => Math.max(1, size - 1)) }
          : kernel,
      ),
    }),
    /over axes 1 of/,
  ],
  [
    'the last of a product is left out',
    changed({
      program: onKernels((kernel) =>
        kernel.kind === 'matmul' && kernel.k > 40 ? { ...kernel, k: kernel.k - 1 } : kernel,
      ),
    }),
    /multiplies matrices: A · B/,
  ],
  [
    'the first row is gathered',
    changed({
      program: onKernels((kernel) =>
        kernel.kind === 'gather'
          ? { ...kernel, row: { kind: 'constant', dtype: 'int32', value: 0 } }
          : kernel,
      ),
    }),
    /gathers/,
  ],
  [
    'random numbers are others',
    changed({ program: onExpressions((e) => (e.kind === 'random' ? { ...e, stream: [1, 2] } : e)) }),
    /bit for bit, anew/,
  ],
  [
    'coordinates begin at 1',
    changed({
      program: onExpressions((e) =>
        e.kind === 'coordinate' ? { ...e, index: { ...e.index, offset: e.index.offset + 1 } } : e,
      ),
    }),
    /coordinates/,
  ],
  [
    'pieces end too early',
    changed({ program: onExpressions((e) => (e.kind === 'within' ? { ...e, high: e.high - 1 } : e)) }),
    /pads and joins/,
  ],
  ['a run is one step', changed({ executable: (e) => with_(e, { run: () => e.run(1) }) }), /keeps state/],
  ['nothing is shared', { ...cpu(), compile: (program) => cpu().compile(program) }, /shares data and state/],
  [
    'writes go to the beginning',
    changed({ executable: (e) => with_(e, { write: (buffer, values) => e.write(buffer, values) }) }),
    /reads and writes parts/,
  ],
  [
    'reads give the same array',
    changed({
      executable: (e) => {
        const views = new Map<string, NumberArray>();
        const read: Executable['read'] = async (...what) => {
          const values = await e.read(...what);
          const view = views.get(what.join()) ?? values;
          view.set(values);
          views.set(what.join(), view);
          return view;
        };
        return with_(e, { read });
      },
    }),
    /keeps state/,
  ],
  [
    'released executables go on',
    changed({ executable: (e) => with_(e, { release: () => {} }) }),
    /used no more/,
  ],
  ['nothing is reported', changed({ report: () => undefined }), /says what really runs/],
];

describe('the suite', () => {
  it.each(faults)('notices that %s', async (_, backend, where) => {
    const cases = backendSuite(() => backend).filter(({ name }) => where.test(name));
    expect(cases.length).toBeGreaterThan(0);
    const failures: string[] = [];
    for (const { name, run } of cases) {
      await run().catch(() => failures.push(name));
      if (failures.length > 0) return;
    }
    expect.fail('every case passed');
  });
});

describe('the CPU backend', () => {
  const said = new Set<string>();
  const listen = (program: Program): Program => {
    for (const kernel of program.kernels) {
      said.add(kernel.kind);
      if (kernel.kind === 'reduce') said.add(kernel.reduction);
      for (const { access } of kernel.uses) said.add(access);
      visitExpressions(kernelExpressions(kernel), (expression) => {
        said.add(expression.kind);
        if (expression.kind === 'operation') said.add(expression.operation);
      });
    }
    for (const { home, dtype } of program.buffers) said.add(home).add(dtype);
    return program;
  };
  for (const { name, run } of backendSuite(() => changed({ program: listen }))) it(name, run);

  it('was told everything that a program can say', () => {
    const everything = [
      ...Object.keys(scalarOperations),
      ...['map', 'reduce', 'matmul', 'gather'],
      ...['sum', 'max', 'argmax'],
      ...['read', 'write', 'update'],
      ...['constant', 'read', 'accumulator', 'coordinate', 'random', 'within', 'operation'],
      ...['input', 'data', 'state', 'output', 'scratch'],
      ...['float32', 'float64', 'int32', 'uint8'],
    ];
    expect(everything.filter((each) => !said.has(each))).toEqual([]);
  });
});

describe('the CPU backend, interpreted', () => {
  for (const { name, run } of backendSuite(() => cpu({ codeGeneration: 'never' }))) it(name, run);
});
