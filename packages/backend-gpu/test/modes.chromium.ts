// Every mode in a page: the suite, trainings, memory over many steps, and what goes wrong.
import { cpu } from '@neurite/backend-cpu';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPages, type Pages } from './chromium.ts';
import { learnDigits, type PackedDigits } from './digits.ts';
import { packDigits } from './packDigits.ts';
import type { Mode, tests } from './page/main.ts';

type Tests = typeof tests;
let pages: Pages;
let digits: PackedDigits;
let accuracyOnCpu: number;
beforeAll(async () => {
  pages = await openPages();
  digits = await packDigits();
  accuracyOnCpu = await learnDigits(cpu(), digits);
});
afterAll(() => pages?.close());

/** Calls one of the page's tests. */
function ask<Name extends keyof Tests>(
  page: Page,
  name: Name,
  ...values: Parameters<Tests[Name]>
): Promise<Awaited<ReturnType<Tests[Name]>>> {
  return page.evaluate(
    ([test, list]) =>
      (globalThis as unknown as { ask(test: string, list: unknown): unknown }).ask(test, list),
    [name, values] as const,
  ) as Promise<Awaited<ReturnType<Tests[Name]>>>;
}

const names: Readonly<Record<Mode, RegExp>> = {
  webgl2: /^WebGL 2, emulated by .*SwiftShader/i,
  webgpu: /^WebGPU, emulated by .*SwiftShader/i,
  webasm: /^WebAssembly by gpu\.js$/,
  cpu: /^JavaScript by gpu\.js$/,
};

describe.each(['webgl2', 'webgpu', 'webasm'] as const)('%s', (mode) => {
  let page: Page;
  beforeAll(async () => {
    page = await pages.open();
  });
  afterAll(() => page?.close());

  it('passes the suite, in the mode that was asked for', async () => {
    const {
      passed,
      failed,
      mode: ran,
    } = await ask(page, 'suite', mode, '', process.env.WHOLE_SUITE !== undefined);
    expect(failed).toEqual([]);
    expect(passed.length).toBeGreaterThan(30);
    expect(ran).toMatch(names[mode]);
  });

  it('trains networks as good as the CPU backend’s', async () => {
    const { actual, expected, mode: ran } = await ask(page, 'training', mode);
    expect(ran).toMatch(names[mode]);
    for (const [name, accuracy] of Object.entries(expected)) {
      expect(accuracy, name).toBeGreaterThan(0.9);
      expect(Math.abs((actual[name] as number) - accuracy), name).toBeLessThanOrEqual(0.005);
    }
  });

  it('learns handwritten digits in an epoch as well as the CPU backend', async () => {
    const { accuracy, mode: ran } = await ask(page, 'digits', mode, digits);
    expect(ran).toMatch(names[mode]);
    expect(accuracyOnCpu).toBeGreaterThan(0.75);
    expect(Math.abs(accuracy - accuracyOnCpu)).toBeLessThanOrEqual(0.005);
  });

  it('holds nothing more after 4,000 steps', async () => {
    const { before, after, loss } = await ask(page, 'memory', mode, 4000);
    expect(after).toBe(before);
    expect(before > 0).toBe(mode !== 'webasm');
    expect(loss).toBeLessThan(0.2);
  });
});

describe('a training that moves', () => {
  it('goes on as if it had stayed, between the CPU backend and every mode, and every two modes', async () => {
    const page = await pages.open();
    const { moving, staying, pairs, modes } = await ask(page, 'moving', ['webgl2', 'webgpu', 'webasm']);
    await page.close();
    expect(modes).toEqual([
      expect.stringMatching(names.webgl2),
      expect.stringMatching(names.webgpu),
      expect.stringMatching(names.webasm),
    ]);
    expect(pairs).toHaveLength(12);
    expect(staying.at(-1)).toBeLessThan(0.95 * (staying[0] as number));
    moving.forEach((loss, step) => {
      expect(Math.abs(loss - (staying[step] as number)), `step ${step}`).toBeLessThan(1e-5);
    });
  });
});

describe.each(['webgl2', 'webgpu'] as const)('%s, lost in the middle of a training', (mode) => {
  it('says after which step, keeps what was last read, and begins anew', async () => {
    const page = await pages.open();
    const { error, known, kept, loss } = await ask(page, 'loss', mode);
    expect(error).toMatch(/^unsupported gpu: the GPU was lost \(Web\w+( 2)?\) after step 12 of this program/);
    expect(kept).toEqual(known);
    expect(loss).toBeGreaterThan(0);
    const trainer = await ask(page, 'lossOfTrainer', mode);
    expect(trainer.error).toMatch(/^unsupported gpu: the GPU was lost .* after step 2 of this program/);
    expect(trainer.areKept).toBe(true);
    await page.close();
  });
});

describe('the choice of a mode', () => {
  it('takes no emulated GPU, says so, and recommends other backends', async () => {
    const page = await pages.open();
    const report = await ask(page, 'report', 'auto');
    expect(report).toEqual({
      mode: 'WebAssembly by gpu.js',
      notes: [
        expect.stringMatching(/^not WebGPU: its GPU is emulated, by .*swiftshader/i),
        expect.stringMatching(/^not WebGL 2: its GPU is emulated, by .*swiftshader/i),
        'the wasm and cpu backends are faster without a GPU',
      ],
    });
    await page.close();
  });

  it('finds WebGL 2 and WebGPU where the policy forbids all code from text, and names what the others want', async () => {
    const page = await pages.open("script-src 'self'");
    for (const mode of ['webgl2', 'webgpu'] as const)
      expect(await ask(page, 'report', mode)).toHaveProperty('mode', expect.stringMatching(names[mode]));
    expect(await ask(page, 'report', 'webasm')).toMatch(
      /^unsupported .*policy forbids it: allow wasm-unsafe-eval/,
    );
    expect(await ask(page, 'report', 'cpu')).toMatch(/^unsupported .*policy forbids .*: allow unsafe-eval/);
    expect(await ask(page, 'report', 'auto')).toMatch(
      /^unsupported gpu: nothing runs here\..*wasm and cpu backends/,
    );
    await page.close();
  });

  it.each([
    ['webasm', 'wasm-unsafe-eval'],
    ['cpu', 'unsafe-eval'],
  ] as const)('finds %s where the policy allows %s', async (mode, permission) => {
    const page = await pages.open(`script-src 'self' '${permission}'`);
    expect(await ask(page, 'report', mode)).toHaveProperty('mode', expect.stringMatching(names[mode]));
    await page.close();
  });

  it.each([
    ['webgl2', 2 ** 30],
    ['webgpu', 2 ** 30],
  ] as const)('refuses what %s cannot hold', async (mode, length) => {
    const page = await pages.open();
    expect(await ask(page, 'large', mode, length)).toMatch(
      /^unsupported gpu: "large" has 1073741824 elements, but Web.* takes at most \d+ here: use a smaller/,
    );
    await page.close();
  });

  it('loads gpu.js only when a program is compiled', () => {
    const [main, library] = Object.entries(pages.files)
      .filter(([name]) => name.endsWith('.js'))
      .map(([, size]) => size)
      .sort((a, b) => a - b);
    expect(main).toBeLessThan(400_000);
    expect(library).toBeGreaterThan(500_000);
  });
});
