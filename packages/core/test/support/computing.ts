// Trainings with arithmetic: a backend that computes, slowly, and small networks that hold all that a training can hold.
import {
  type Backend,
  type Capabilities,
  type Data,
  type Executable,
  layer,
  metric,
  NeuriteError,
  type NumberArray,
  type Program,
  type Schedule,
  schedule,
  sequential,
  type Trainer,
  type TrainOptions,
  train,
  verifyProgram,
} from '../../src/index.ts';
import { newArray } from '../../src/program/index.ts';
import { breathe } from '../../src/train/breathe.ts';
import { adam, dense, dropout, relu, softmaxCrossEntropy } from './plugins.ts';
import { execute } from './programs.ts';

export interface ComputingBackend extends Backend {
  /** How many executables were not released. */
  readonly alive: number;
  /** Steps of all runs so far. */
  readonly steps: number;
}

/**
 * Executes kernels one by one.
 *
 * @param waits whether it answers later, each request after those before it, as a GPU does.
 * @param refuse whether it cannot compile a program.
 */
export function computingBackend({
  waits = false,
  dtypes = ['float32', 'float64', 'int32', 'uint8'],
  refuse,
}: {
  readonly waits?: boolean;
  readonly dtypes?: Capabilities['dtypes'];
  readonly refuse?: (program: Program) => boolean;
} = {}): ComputingBackend {
  let [alive, steps] = [0, 0];
  let queue: Promise<unknown> = Promise.resolve();
  /** Does something now, or after what was asked for before. */
  const inOrder = <T>(act: () => T): T | Promise<T> => {
    if (!waits) return act();
    const done = queue.then(breathe).then(act);
    queue = done;
    return done;
  };
  const memories = new WeakMap<Executable, Map<string, NumberArray>>();

  const compile = async (program: Program, beside?: Executable): Promise<Executable> => {
    verifyProgram(program);
    await breathe();
    if (refuse?.(program)) throw new NeuriteError('unsupported', 'it cannot compile this');
    const shared = beside && memories.get(beside);
    if (beside && !shared) throw new Error('compiled beside an executable of another backend');
    const memory = program.buffers.map(({ name, home, dtype, length }) => {
      const own = newArray(dtype, length);
      const other = home === 'data' || home === 'state' ? shared?.get(name) : undefined;
      return other?.length === length && other.constructor === own.constructor ? other : own;
    });
    let released = false;
    const requireAlive = (): void => {
      if (released) throw new Error('an executable was used after its release');
    };
    const executable: Executable = {
      write: (buffer, values, offset = 0) => {
        requireAlive();
        const copy = values.slice();
        void inOrder(() => memory[buffer]?.set(copy, offset));
      },
      run: (count = 1) => {
        requireAlive();
        return inOrder(() => {
          steps += count;
          for (let i = 0; i < count; i++) {
            execute(program.kernels, memory).forEach((numbers, buffer) => void memory[buffer]?.set(numbers));
          }
        });
      },
      read: (buffer, offset = 0, length) => {
        requireAlive();
        const all = memory[buffer] as NumberArray;
        return inOrder(() => all.slice(offset, length === undefined ? undefined : offset + length));
      },
      release: () => {
        requireAlive();
        released = true;
        alive--;
      },
    };
    alive++;
    memories.set(
      executable,
      new Map(program.buffers.map(({ name }, id) => [name, memory[id] as NumberArray])),
    );
    return executable;
  };

  return {
    kind: 'backend',
    type: waits ? 'waiting' : 'computing',
    options: {},
    capabilities: { dtypes, inPlace: true },
    report: () => undefined,
    compile,
    get alive() {
      return alive;
    },
    get steps() {
      return steps;
    },
  };
}

/** x − mean, where the mean runs along with the batches. */
export const runningMean = layer('runningMean', {}, () => ({
  state: (input) => ({ mean: { shape: input, initial: 0 } }),
  apply: (_, x, { training, state }) => {
    const output = x.sub(state.mean);
    if (!training) return output;
    return { output, state: { mean: state.mean.mul(0.75).add(x.mean(0).mul(0.25)) } };
  },
}));

/** Halves the rate after each epoch that was no better than the best before. */
export const onPlateau = schedule('onPlateau', { initial: 0.05 }, ({ initial }) => ({
  memory: { best: Number.POSITIVE_INFINITY, rate: initial },
  rate: (_, memory) => memory?.rate ?? initial,
  observe: (memory, { loss, validationLoss = loss }) => {
    const { best = 0, rate = 0 } = memory;
    return validationLoss < best ? { best: validationLoss, rate } : { best, rate: rate / 2 };
  },
}));

/** The mean of all outputs. */
const meanOutput = metric('meanOutput', {}, () => ({
  totals: (prediction) => ({ sum: prediction.sum() }),
  result: ({ sum }, count) => (sum[0] as number) / (2 * count),
}));

export type ComputedOptions = Partial<TrainOptions> & { readonly rate?: number | Schedule };

/** A trainer of a network with layer state and dropout, on a backend that computes. */
export const computedTrainer = (options: ComputedOptions = {}): Promise<Trainer> => {
  const { rate = 0.02, ...rest } = options;
  const layers = [
    runningMean(),
    dense({ units: 3, activation: relu() }),
    dropout({ rate: 0.3 }),
    dense({ units: 2 }),
  ];
  return train(sequential([2], layers), {
    loss: softmaxCrossEntropy(),
    optimizer: adam({ learningRate: rate }),
    backend: computingBackend(),
    metrics: [meanOutput()],
    seed: 3,
    ...rest,
  });
};

/** `rows` points in the plane, of two classes. */
export const points = (rows: number): Data => ({
  inputs: Float32Array.from({ length: rows * 2 }, (_, i) => Math.sin(3 * i * i + 1)),
  targets: Int32Array.from({ length: rows }, (_, i) => (i * i) % 2),
});

/** All numbers that a training consists of. */
export const stateOf = async (trainer: Trainer) => (await trainer.snapshot()).state;
