// The app as a process of its own, on a part of the digits.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, type TestContext, test } from 'vitest';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

interface Run {
  readonly process: ChildProcess;
  /** Everything written so far. */
  output(): string;
  errors(): string;
  /** Resolves when a line like that was written. */
  line(pattern: RegExp): Promise<void>;
  ended: Promise<{ code: number | null; signal: string | null }>;
}

function start({ onTestFinished }: TestContext, ...args: string[]): Run {
  const child = spawn(process.execPath, ['--conditions=@neurite/source', main, ...args], {
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
    process: child,
    output: () => output,
    errors: () => errors,
    line: async (pattern) => {
      while (!pattern.test(output)) await once(child.stdout, 'data');
    },
    ended: once(child, 'close').then(([code, signal]) => ({ code, signal })),
  };
}

/** What does not depend on the clock. */
const result = (output: string): string => output.slice(output.indexOf('test accuracy'));

// Whole processes take their time where much else is running.
describe('the app', { timeout: 60_000 }, () => {
  test('trains, and reports the same for the same seed, in plain lines', async (context) => {
    const runs = [1, 2].map(() => start(context, '--examples', '2000', '--epochs', '1'));
    for (const run of runs) expect(await run.ended).toEqual({ code: 0, signal: null });
    const [first, again] = runs.map((run) => run.output()) as [string, string];
    expect(first).toContain('101,770 parameters');
    expect(first).toContain('relu · adam, learning rate 0.001 · batches of 64 · seed 1 · wasm (');
    expect(first).toMatch(
      /^epoch 1\/1 {2}100 % {2}loss \d\.\d{4} {2}accuracy +\d\d\.\d\d % {2}[\d,]+ examples\/s$/m,
    );
    expect(first).toMatch(/^trained: 32 steps in \d+ s$/m);
    expect(Number(/test accuracy (\S+) %/.exec(first)?.[1])).toBeGreaterThan(75);
    expect(first).toMatch(/^ +is( +\d){10} +right$/m);
    expect(first).toMatch(/^(read as \d, is \d \(\d+ %\) *){4}$/m);
    expect(first).not.toContain('\x1b');
    expect(result(again)).toBe(result(first));
  });

  test('stops at Ctrl-C, and reports what was reached', async (context) => {
    const run = start(context, '--examples', '2000', '--epochs', '1000');
    await run.line(/epoch +2\/1000/);
    run.process.kill('SIGINT');
    expect(await run.ended).toEqual({ code: 0, signal: null });
    expect(run.output()).toMatch(/^stopped in epoch \d+ of 1000: \d+ steps in \d+ s$/m);
    expect(run.output()).toMatch(/^test accuracy \d\d\.\d\d % {2}/m);
    expect(run.output()).toContain('it was surest of');
    expect(run.errors()).toBe('');
  });

  test('ends at once at a second Ctrl-C', async (context) => {
    const run = start(context, '--examples', '2000', '--epochs', '1000');
    await run.line(/epoch +1\/1000/);
    run.process.kill('SIGINT');
    await run.line(/^stopped/m);
    run.process.kill('SIGINT');
    expect(await run.ended).toEqual({ code: null, signal: 'SIGINT' });
  });

  test('says what is wrong in one line, without a stack', async (context) => {
    const run = start(context, '--activation', 'sigmoind');
    expect(await run.ended).toEqual({ code: 1, signal: null });
    expect(run.output()).toBe('');
    expect(run.errors()).toMatch(
      /^--activation: there is no activation "sigmoind"; registered are "sigmoid".*\n$/,
    );
  });

  test('does not mind when nobody reads on', async (context) => {
    const run = start(context, '--examples', '1000', '--epochs', '1');
    await run.line(/MNIST/);
    run.process.stdout?.destroy();
    expect(await run.ended).toEqual({ code: 0, signal: null });
    expect(run.errors()).toBe('');
  });
});
