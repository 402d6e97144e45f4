// The program as a process of its own: what only a process has.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, type TestContext, test } from 'vitest';
import { irisCsv, openWorkshop, type Workshop } from './workshop.ts';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

let workshop: Workshop;
beforeAll(() => {
  workshop = openWorkshop();
  workshop.write('iris.csv', irisCsv());
});
afterAll(() => workshop.remove());

function start({ onTestFinished }: TestContext, ...words: string[]) {
  const child = spawn(process.execPath, ['--conditions=@neurite/source', main, ...words], {
    cwd: workshop.folder,
    env: { ...process.env, NODE_OPTIONS: '', FORCE_COLOR: '1' },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let [output, errors] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    errors += text;
  });
  return {
    child,
    output: () => output,
    errors: () => errors,
    line: async (pattern: RegExp) => {
      while (!pattern.test(output)) await once(child.stdout, 'data');
    },
    ended: once(child, 'close').then(([code, signal]) => ({ code, signal })),
  };
}

// Whole processes take their time where much else is running.
describe('the program', { timeout: 60_000 }, () => {
  test('saves at Ctrl-C, says how to go on, and ends with 130', async (context) => {
    const run = start(context, 'train', 'iris.csv', '--epochs', '20000', '--backend', 'cpu');
    await run.line(/^epoch +1000\/20000/m);
    run.child.kill('SIGINT');
    expect(await run.ended).toEqual({ code: 130, signal: null });
    expect(run.output()).toMatch(
      /saved model.safetensors; to go on:\n {2}neurite train iris.csv --resume model.safetensors\n$/,
    );
    expect(run.output()).not.toContain('\x1b');
    expect(run.errors()).toBe('');
    expect((await workshop.run(['inspect', 'model.safetensors'])).output).toMatch(/of 20,000 epochs$/m);
  });

  test('complains on stderr, without a stack', async (context) => {
    const run = start(context, 'evaluate', 'nowhere.safetensors', 'iris.csv', '--json');
    expect(await run.ended).toEqual({ code: 1, signal: null });
    expect(run.output()).toBe('');
    expect(run.errors()).toMatch(/^neurite: .*nowhere.safetensors.*\n$/);
  });
});
