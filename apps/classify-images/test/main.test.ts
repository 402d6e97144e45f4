// The app as a process of its own, on a part of the digits and on a few photographs that were made up.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decode } from 'fast-png';
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

/** 60 + 20 photographs of two classes, bright ones and dark ones, in the files of CIFAR-10's form. */
async function writePhotographs(folder: string): Promise<void> {
  for (const [set, examples] of [
    ['train', 60],
    ['t10k', 20],
  ] as const) {
    const label = (picture: number): number => picture % 2;
    const pixels = Uint8Array.from(
      { length: examples * 3072 },
      (_, i) => 150 * label(Math.floor(i / 3072)) + ((i * 7919) % 97),
    );
    const images = Buffer.from([0, 0, 8, 4, 0, 0, 0, examples, 0, 0, 0, 32, 0, 0, 0, 32, 0, 0, 0, 3]);
    await writeFile(join(folder, `${set}-images-idx4-ubyte`), Buffer.concat([images, pixels]));
    const labels = Uint8Array.from({ length: examples }, (_, i) => label(i));
    const header = Buffer.from([0, 0, 8, 1, 0, 0, 0, examples]);
    await writeFile(join(folder, `${set}-labels-idx1-ubyte`), Buffer.concat([header, labels]));
  }
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

  test('trains a preset on a folder of photographs, and saves what the first layer has learnt', async (context) => {
    const folder = await mkdtemp(join(tmpdir(), 'neurite-app-'));
    context.onTestFinished(() => rm(folder, { recursive: true }));
    await writePhotographs(folder);
    const file = join(folder, 'weights.png');
    const common = ['--preset', 'course-cifar-10', '--folder', folder, '--batch-size', '20'];
    const run = start(context, ...common, '--epochs', '3', '--save-weights', file);
    expect(await run.ended).toEqual({ code: 0, signal: null });
    expect(run.output()).toMatch(
      /^CIFAR-10 {2}60 small photographs to learn from, 20 others to be tested on$/m,
    );
    expect(run.output()).toContain('308,310 parameters');
    expect(run.output()).toMatch(/^trained: 9 steps in \d+ s$/m);
    expect(run.output()).toContain(`first-layer weights: ${file}\n`);
    expect(run.output()).toMatch(/^test accuracy 100.00 % {2}20 of 20 photographs read right$/m);
    // 100 units of 32 × 32 pixels, 10 in a row, each twice as large, 2 pixels apart
    const { width, height, channels } = decode(await readFile(file));
    expect({ width, height, channels }).toEqual({ width: 662, height: 662, channels: 3 });

    const refused = [
      [['--examples', '61'], '--examples must be a whole number from 1 up to 60, but got "61"'],
      [['--examples', '10'], '--batch-size must be at most the 10 examples, but got "20"'],
      [
        ['--save-weights', join(folder, 'nowhere/weights.png')],
        `--save-weights: there is no folder ${join(folder, 'nowhere')}`,
      ],
    ] as const;
    const runs = refused.map(([args]) => start(context, ...common, ...args));
    for (const [i, run] of runs.entries()) {
      expect(await run.ended).toEqual({ code: 1, signal: null });
      expect(run.errors()).toBe(`${refused[i]?.[1]}\n`);
    }
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
