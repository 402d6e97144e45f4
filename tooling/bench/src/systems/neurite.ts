// Neurite, called in both of its ways: a step on a batch that is handed over, and a fit on data that it holds.
import { relu } from '@neurite/activations';
import { cpu } from '@neurite/backend-cpu';
import { gpu } from '@neurite/backend-gpu';
import { wasm } from '@neurite/backend-wasm';
import { type Backend, sequential, type Trainer, train } from '@neurite/core';
import packageData from '@neurite/core/package.json' with { type: 'json' };
import { dense } from '@neurite/layers';
import { softmaxCrossEntropy } from '@neurite/losses';
import { momentum } from '@neurite/optimizers';
import { threadsByDefault } from '../machine.ts';
import { type Problem, problemOf, sanityRow, workOf } from '../rows.ts';
import type { Classifier, Images, System } from './system.ts';

const kinds = {
  cpu: { backend: 'cpu', threads: 1, create: (): Backend => cpu() },
  wasm: { backend: 'wasm', threads: threadsByDefault, create: (): Backend => wasm() },
  'wasm-1': { backend: 'wasm', threads: 1, create: (): Backend => wasm({ threads: 1 }) },
  gpu: { backend: 'gpu', threads: 1, create: (): Backend => gpu() },
};
type Kind = keyof typeof kinds;

const about = (kind: Kind) => ({
  version: packageData.version,
  backend: kinds[kind].backend,
  threads: kinds[kind].threads,
});

export const stepping = (kind: Kind): System => ({
  ...about(kind),
  create: async (problem) => {
    const trainer = await trainerFor(kind, problem);
    const batch = { inputs: problem.inputs, targets: problem.labels };
    return { call: () => trainer.step(batch), dispose: () => trainer.release() };
  },
  classifier: (problem) => classifierFor(kind, problem),
});

export const fitting = (kind: Kind): System => ({
  ...about(kind),
  create: async (problem) => {
    const trainer = await trainerFor(kind, problem);
    const batches = Math.min(Math.max(Math.round(1e8 / workOf(problem)), 2), 1000);
    const epochs = 2;
    const data = { inputs: repeat(problem.inputs, batches), targets: repeat(problem.labels, batches) };
    return {
      stepsPerCall: epochs * batches,
      call: async () =>
        (await trainer.fit(data, { epochs, batchSize: problem.batch })).epochs.at(-1)?.loss ?? Number.NaN,
      dispose: () => trainer.release(),
    };
  },
});

/** @throws Error where there is no GPU but one that the processor emulates. */
export async function onGpu(): Promise<System> {
  const trainer = await trainerFor('gpu', problemOf(sanityRow));
  const { mode = '', notes = [] } = trainer.backend.report() ?? {};
  trainer.release();
  if (!/^Web(GPU|GL)/.test(mode)) throw new Error(`not measured: no GPU here. ${notes.join(' ')}`);
  return { ...stepping('gpu'), note: mode };
}

async function classifierFor(kind: Kind, problem: Problem): Promise<Classifier> {
  const trainer = await trainerFor(kind, problem);
  return {
    epoch: async (images: Images) => void (await trainer.fit(images, { batchSize: problem.batch })),
    predict: async (inputs) => (await trainer.predict(inputs)) as Float32Array,
    dispose: () => trainer.release(),
  };
}

async function trainerFor(
  kind: Kind,
  { sizes, learningRate, momentum: share, weights }: Problem,
): Promise<Trainer> {
  const [inputs, ...hidden] = sizes as [number, ...number[]];
  const outputs = hidden.pop() as number;
  const layers = [...hidden.map((units) => dense({ units, activation: relu() })), dense({ units: outputs })];
  const trainer = await train(sequential([inputs], layers), {
    loss: softmaxCrossEntropy(),
    optimizer: momentum({ learningRate, momentum: share }),
    backend: kinds[kind].create(),
  });
  const names = trainer.network.parameters.map(({ name }) => name).filter((name) => name.endsWith('.weight'));
  trainer.writeParameters(
    Object.fromEntries(names.map((name, layer) => [name, weights[layer] as Float32Array])),
  );
  return trainer;
}

function repeat<Values extends Float32Array | Int32Array>(values: Values, times: number): Values {
  const all = new (values.constructor as new (length: number) => Values)(values.length * times);
  for (let i = 0; i < times; i++) all.set(values, i * values.length);
  return all;
}
