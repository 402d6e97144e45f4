// PyTorch on the CPU, where the system's Python has it: a process that is told what to do.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type Problem, workOf } from '../rows.ts';
import type { Classifier, Images, System } from './system.ts';

const python = '/usr/bin/python3';
const script = fileURLToPath(new URL('./pytorch.py', import.meta.url));

/** @throws Error that says what is missing. */
export function pytorch(): System {
  const look = 'import torch; print(torch.__version__, torch.get_num_threads())';
  const { status, error, stdout, stderr } = spawnSync(python, ['-c', look], { encoding: 'utf8' });
  if (error) throw new Error(`not measured: ${python} does not start (${error.message})`);
  if (status !== 0) throw new Error(`not measured: ${stderr.trim().split('\n').at(-1)}`);
  const [version, threads] = stdout.trim().split(' ') as [string, string];
  return {
    version,
    backend: 'native',
    threads: Number(threads),
    note: 'PyTorch: native code with its own threads',
    create: async (problem) => {
      const worker = await start(problem);
      // So many that talking to the process does not count.
      const stepsPerCall = Math.min(Math.max(Math.round(2e8 / workOf(problem)), 1), 100);
      return {
        stepsPerCall,
        call: async () => Number(await worker.ask({ steps: stepsPerCall })),
        dispose: worker.dispose,
      };
    },
    classifier: async (problem) => classifierOn(await start(problem)),
  };
}

interface Worker {
  ask(command: object): Promise<unknown>;
  dispose(): void;
}

/** The process, with the problem's network in it. */
async function start(problem: Problem): Promise<Worker> {
  const child = spawn(python, [script], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.on('error', () => {}); // that the process ended is seen where its answer is missing
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async (command: object): Promise<unknown> => {
    child.stdin.write(`${JSON.stringify(command)}\n`);
    const { value, done } = await lines.next();
    if (done) throw new Error('its process ended');
    return JSON.parse(value);
  };
  const { inputs, labels, weights } = problem;
  await ask({
    ...problem,
    inputs: [...inputs],
    labels: [...labels],
    weights: weights.map((each) => [...each]),
  });
  return { ask, dispose: () => void child.kill() };
}

/** Numbers go to and fro in files. */
function classifierOn({ ask, dispose }: Worker): Classifier {
  const folder = mkdtempSync(join(tmpdir(), 'neurite-bench-'));
  const file = (name: string): string => join(folder, name);
  let given: Images | undefined;
  return {
    epoch: async (images) => {
      if (images !== given) {
        writeFileSync(file('images'), images.inputs);
        writeFileSync(file('targets'), images.targets);
        await ask({ images: file('images'), targets: file('targets') });
        given = images;
      }
      await ask({ epoch: true });
    },
    predict: async (inputs, rows) => {
      writeFileSync(file('rows'), inputs);
      await ask({ predict: file('rows'), rows, to: file('scores') });
      return new Float32Array(new Uint8Array(readFileSync(file('scores'))).buffer);
    },
    dispose: () => {
      dispose();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
