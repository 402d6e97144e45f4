// What the tests ask of a page. Answers are plain data.
import { cpu } from '@neurite/backend-cpu';
import { gpu } from '../../src/index.ts';
import { learnDigits, type PackedDigits } from '../digits.ts';
import { emulatedSuite } from '../emulatedSuite.ts';
import { lossesOnTour } from '../moving.ts';
import { stepping } from '../stepping.ts';
import { accuracies, ringsTrainer } from '../trainings.ts';
import { countLiving, loseGpus, watch } from '../watch.ts';

export type Mode = 'webgpu' | 'webgl2' | 'webasm' | 'cpu';

const answer = (error: unknown): string =>
  `${(error as { code?: string }).code} ${error instanceof Error ? error.message : error}`;

export const tests = {
  /** The cases of the suite that passed and failed, and the mode that ran. */
  async suite(mode: Mode, only: string, whole: boolean) {
    const backend = gpu({ mode });
    const passed: string[] = [];
    const failed: string[] = [];
    for (const { name, run } of emulatedSuite(() => backend, whole)) {
      if (!name.includes(only)) continue;
      await run().then(
        () => passed.push(name),
        (error: Error) => failed.push(`${name}: ${error.message}`),
      );
    }
    return { passed, failed, mode: backend.report()?.mode };
  },

  /** Accuracies on this mode and on the cpu backend. */
  async training(mode: Mode) {
    const backend = gpu({ mode });
    const actual = await accuracies(backend);
    return { actual, expected: await accuracies(cpu()), mode: backend.report()?.mode };
  },

  /** The losses of a training that moves between the cpu backend and all modes, and of one that stays. */
  async moving(modes: readonly Mode[]) {
    const backends = modes.map((mode) => gpu({ mode }));
    const losses = await lossesOnTour([cpu(), ...backends]);
    return { ...losses, modes: backends.map((backend) => backend.report()?.mode) };
  },

  /** The accuracy on handwritten digits after one epoch, and the mode that ran. */
  async digits(mode: Mode, digits: PackedDigits) {
    const backend = gpu({ mode });
    return { accuracy: await learnDigits(backend, digits), mode: backend.report()?.mode };
  },

  /** What lives on the GPU after some steps, and after many more. */
  async memory(mode: Mode, steps: number) {
    const { executable, step } = await stepping(gpu({ mode }));
    await step(50);
    const before = countLiving();
    const loss = await step(steps);
    const after = countLiving();
    executable.release();
    await Promise.resolve(executable);
    return { before, after, loss };
  },

  /** What a backend says of itself, or the error of its first program. */
  async report(mode: Mode | 'auto') {
    const backend = gpu({ mode });
    try {
      const { executable } = await stepping(backend);
      executable.release();
      return backend.report();
    } catch (error) {
      return answer(error);
    }
  },

  /** Takes the GPU away in the middle. */
  async loss(mode: Mode) {
    const backend = gpu({ mode });
    const { executable, step, readWeights } = await stepping(backend);
    await step(7);
    const known = await readWeights();
    await step(5);
    loseGpus();
    await new Promise((resolve) => setTimeout(resolve, 50));
    const error = await step(1).then(() => 'no error', answer);
    const kept = await readWeights();
    executable.release();
    const again = await stepping(backend);
    const loss = await again.step(3);
    again.executable.release();
    return { error, known, kept, loss };
  },

  /** The same to a trainer: its error, and whether its parameters are those that were last read. */
  async lossOfTrainer(mode: Mode) {
    const { trainer, step } = await ringsTrainer(gpu({ mode }));
    await step();
    const known = JSON.stringify(await trainer.readParameters());
    await step();
    loseGpus();
    await new Promise((resolve) => setTimeout(resolve, 50));
    const error = await step().then(() => 'no error', answer);
    const areKept = JSON.stringify(await trainer.readParameters()) === known;
    trainer.release();
    return { error, areKept };
  },

  /** More numbers than a texture or a buffer takes. */
  async large(mode: Mode, length: number) {
    const info = {
      id: 0,
      name: 'large',
      home: 'input',
      dtype: 'float32',
      length,
      offset: 0,
      live: [0, 0],
    } as const;
    return gpu({ mode })
      .compile({ buffers: [info], kernels: [], names: {}, scratchBytes: 0 })
      .then(() => 'no error', answer);
  },
};

watch();
// In a task of its own: what a debugger calls may do what the page's policy forbids.
const ask = (test: keyof typeof tests, values: readonly unknown[]): Promise<unknown> =>
  new Promise((resolve, reject) => {
    setTimeout(() => {
      (tests[test] as (...all: readonly unknown[]) => Promise<unknown>)(...values).then(resolve, reject);
    });
  });
Object.assign(globalThis, { ask });
