// Many steps of a small program that has everything which lives from step to step: inputs, data, state, an output.
import { type Backend, type Executable, lower, placeholder } from '@neurite/core';

export interface Stepping {
  readonly executable: Executable;
  /** So many steps, each with a new learning rate and the loss read at the end. */
  step(count: number): Promise<number>;
  readWeights(): Promise<readonly number[]>;
}

/** Fits weights to a line by momentum. */
export async function stepping(backend: Backend): Promise<Stepping> {
  const data = placeholder('data', [16, 3], { home: 'data' });
  const rate = placeholder('rate', []);
  const state = (name: string) => placeholder(name, [3, 1], { home: 'state' });
  const [weights, velocity] = [state('weights'), state('velocity')];
  const error = data.matmul(weights).sub(1);
  const next = velocity.mul(0.5).add(data.transpose().matmul(error).div(16));
  const updates = new Map([
    [velocity, next],
    [weights, weights.sub(next.mul(rate))],
  ]);
  const program = lower({ updates, outputs: { loss: error.square().mean() } }, backend.capabilities);
  const executable = await backend.compile(program);
  const bufferOf = (name: string): number => program.names[name]?.buffer as number;
  executable.write(
    bufferOf('data'),
    Float32Array.from({ length: 48 }, (_, i) => ((7 * i) % 11) / 11),
  );
  return {
    executable,
    async step(count) {
      for (let i = 0; i < count; i++) {
        executable.write(bufferOf('rate'), Float32Array.of(0.1 / (1 + i / 1000)));
        await executable.run();
      }
      return (await executable.read(bufferOf('loss')))[0] as number;
    },
    readWeights: async () => [...(await executable.read(bufferOf('weights')))],
  };
}
