// Trainings without arithmetic: a recording backend, and what a test wants to know of its log.
import {
  type Data,
  type Network,
  sequential,
  type Trainer,
  type TrainOptions,
  train,
} from '../../src/index.ts';
import { dense, momentum, relu, softmaxCrossEntropy } from './plugins.ts';
import { recordingBackend } from './testing.ts';

export type Recording = ReturnType<typeof recordingBackend>;

export const smallNetwork = (): Network =>
  sequential([4], [dense({ units: 5, activation: relu() }), dense({ units: 3 })]);

/** Programs count their steps, as if they had run; else nothing changes. */
export const countingBackend = (options: Parameters<typeof recordingBackend>[0] = {}): Recording =>
  recordingBackend({
    ...options,
    onRun: (run) => {
      if (
        run.program.kernels.some(({ uses }) =>
          uses.some(
            ({ buffer, access }) => access !== 'read' && run.program.buffers[buffer]?.name === 'step',
          ),
        )
      )
        run.set('step', [(run.get('step')[0] as number) + run.steps]);
      options.onRun?.(run);
    },
  });

/** A trainer of `smallNetwork` on a recording backend, whose log begins after it was made. */
export async function recordedTrainer(
  options: Partial<Omit<TrainOptions, 'backend'>> & { network?: Network; backend?: Recording } = {},
): Promise<{ trainer: Trainer; backend: Recording }> {
  const { network = smallNetwork(), backend = countingBackend(), ...rest } = options;
  const trainer = await train(network, {
    loss: softmaxCrossEntropy(),
    optimizer: momentum(),
    onWarning: () => {}, // the examples are no real data
    ...rest,
    backend,
  });
  backend.forget();
  return { trainer, backend };
}

/** `rows` examples for `smallNetwork`. */
export const examples = (rows: number): Data => ({
  inputs: Float32Array.from({ length: rows * 4 }, (_, i) => i / 10),
  targets: Int32Array.from({ length: rows }, (_, i) => i % 3),
});

/** What was written to a buffer, in order. */
export const writesTo = (backend: Recording, buffer: string): number[][] =>
  backend
    .recorded('write')
    .filter((entry) => entry.buffer === buffer)
    .map(({ values }) => Array.from(values));

/** What core needs of an AbortController. */
export const abortController = () => {
  const signal = { aborted: false };
  return {
    signal,
    abort: () => {
      signal.aborted = true;
    },
  };
};
