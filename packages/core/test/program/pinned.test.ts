// Whole training steps as they stand: a lost fusion, a buffer more or a copy more shows here. Where a change is meant,
// `vitest -u` writes the programs anew; the numbers are changed by hand.
import { describe, expect, it } from 'vitest';
import {
  type Layer,
  type Optimizer,
  type Program,
  printProgram,
  sequential,
  verifyProgram,
} from '../../src/index.ts';
import type { BufferInfo } from '../../src/program/program.ts';
import type { Recipe } from '../../src/train/recipe.ts';
import { traceEvaluation, tracePrediction, traceStep } from '../../src/train/trace.ts';
import { adam, dense, dropout, momentum, relu, sgd, softmaxCrossEntropy } from '../support/plugins.ts';
import { programOf } from '../support/programs.ts';

const perceptron = [dense({ units: 128, activation: relu() }), dense({ units: 10 })];
const form = { inputs: ['uint8'], targets: ['classes'], weighted: false } as const;
const recipeOf = (layers: Layer[], optimizer: Optimizer): Recipe => ({
  network: sequential([784], layers),
  losses: [{ loss: softmaxCrossEntropy(), weight: 1 }],
  optimizer,
  regularizer: undefined,
  constraint: undefined,
  metrics: [],
  seed: 0,
  dtype: 'float32',
});
/** A step on 64 of 60,000 images of 784 bytes. */
const stepOf = (layers: Layer[], optimizer: Optimizer): Program =>
  programOf(
    traceStep(recipeOf(layers, optimizer), { kind: 'rows', set: 'training', rows: 60_000 }, 64, form),
  );

const scratch = ({ buffers }: Program): BufferInfo[] => buffers.filter(({ home }) => home === 'scratch');
const kinds = ({ kernels }: Program): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { kind } of kernels) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
};

const programs = {
  momentum: { program: stepOf(perceptron, momentum()), kernels: 18, buffers: 23, scratchBytes: 280_064 },
  adam: { program: stepOf(perceptron, adam()), kernels: 18, buffers: 26, scratchBytes: 280_064 },
  dropout: {
    program: stepOf([perceptron[0] as Layer, dropout(), perceptron[1] as Layer], momentum()),
    kernels: 18,
    buffers: 24,
    scratchBytes: 288_256,
  },
  evaluation: {
    program: programOf(traceEvaluation(recipeOf(perceptron, sgd()), 'evaluation', 10_000, 256, form)),
    kernels: 9,
    buffers: 13,
    scratchBytes: 933_888,
  },
  prediction: {
    program: programOf(tracePrediction(recipeOf(perceptron, sgd()), 256, ['float32'])),
    kernels: 2,
    buffers: 5,
    scratchBytes: 131_072,
  },
};

describe.each(Object.entries(programs))('the program of 784-128-10, %s,', (name, { program, ...pinned }) => {
  it('has so many kernels and buffers, and takes so much memory', () => {
    const { kernels, buffers, scratchBytes } = program;
    expect({ kernels: kernels.length, buffers: buffers.length, scratchBytes }).toEqual(pinned);
  });

  it('reads as it does', async () => {
    await expect(`${printProgram(program)}\n`).toMatchFileSnapshot(`./pinned/${name}.txt`);
  });

  it('keeps the rules', () => {
    expect(() => verifyProgram(program)).not.toThrow();
  });
});

describe.each(['momentum', 'adam', 'dropout'] as const)('a training step, %s,', (name) => {
  const { program } = programs[name];

  it('multiplies matrices five times: forward twice, backward for the weights twice, for the hidden layer once', () => {
    expect(kinds(program).matmul).toBe(5);
  });

  it('writes no gradient of a weight to memory', () => {
    const sizes = scratch(program).map(({ length }) => length);
    expect(sizes).not.toContain(784 * 128);
    expect(sizes).not.toContain(128 * 10);
  });

  it('updates each parameter, with what the optimizer remembers of it, in the kernel that ends in its gradient', () => {
    const updating = program.kernels.filter(({ uses }) =>
      uses.some(
        ({ buffer, access }) => access === 'update' && program.buffers[buffer]?.name === 'parameters',
      ),
    );
    expect(updating.map(({ kind }) => kind)).toEqual(['matmul', 'reduce', 'matmul', 'reduce']);
    for (const { uses } of updating) {
      const updates = uses.filter(({ access }) => access === 'update');
      expect(updates).toHaveLength(name === 'adam' ? 3 : 2);
    }
  });

  it('keeps masks as bytes', () => {
    const bytes = scratch(program).filter(({ dtype }) => dtype === 'uint8');
    expect(bytes.map(({ length }) => length)).toEqual(name === 'dropout' ? [64 * 128, 64 * 128] : [64 * 128]);
  });

  it('keeps the images as bytes in the data set, and copies only those of the batch', () => {
    const images = program.buffers.find((buffer) => buffer.name === 'training.inputs');
    expect(images).toMatchObject({ home: 'data', dtype: 'uint8', length: 60_000 * 784 });
    expect(Math.max(...scratch(program).map(({ length }) => length))).toBe(64 * 784);
  });

  it('updates all state in place', () => {
    const written = program.kernels.flatMap(({ uses }) => uses).filter(({ access }) => access === 'write');
    expect(written.filter(({ buffer }) => program.buffers[buffer]?.home !== 'scratch')).toEqual([]);
  });
});

describe('a step on a batch from the host', () => {
  it('has the loss as an output, and the batch as inputs', () => {
    const program = programOf(traceStep(recipeOf(perceptron, sgd()), { kind: 'host' }, 64, form));
    verifyProgram(program);
    expect(program.buffers.filter(({ home }) => home === 'output').map(({ name }) => name)).toEqual(['loss']);
    expect(program.names['batch.inputs']?.shape).toEqual([64, 784]);
  });
});
