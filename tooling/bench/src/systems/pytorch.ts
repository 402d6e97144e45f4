// PyTorch on the CPU, where the system's Python has it: a process that is told how many steps to make.
import { spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { workOf } from '../rows.ts';
import type { System } from './system.ts';

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
      const child = spawn(python, [script], { stdio: ['pipe', 'pipe', 'inherit'] });
      child.stdin.on('error', () => {}); // that the process ended is seen where its answer is missing
      const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
      const ask = async (line: string): Promise<string> => {
        child.stdin.write(`${line}\n`);
        const { value, done } = await lines.next();
        if (done) throw new Error('its process ended');
        return value;
      };
      const { inputs, labels, weights } = problem;
      const plain = {
        ...problem,
        inputs: [...inputs],
        labels: [...labels],
        weights: weights.map((each) => [...each]),
      };
      await ask(JSON.stringify(plain));
      // So many that talking to the process does not count.
      const stepsPerCall = Math.min(Math.max(Math.round(2e8 / workOf(problem)), 1), 100);
      return {
        stepsPerCall,
        call: async () => Number(await ask(String(stepsPerCall))),
        dispose: () => void child.kill(),
      };
    },
  };
}
