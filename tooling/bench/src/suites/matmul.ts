// GFLOP/s of a matrix product, its operands stored either way, as a share of what the machine's 128-bit vectors can do.
import { cpu } from '@neurite/backend-cpu';
import { wasm } from '@neurite/backend-wasm';
import { type Backend, lower, placeholder } from '@neurite/core';
import packageData from '@neurite/core/package.json' with { type: 'json' };
import { threadsByDefault } from '../machine.ts';
import { measure, type Plan, summary } from '../measure.ts';
import { createPeak, peakWork } from '../peak.ts';
import type { Result } from '../result.ts';
import type { Session } from '../systems/system.ts';
import type { Suite, SuiteOptions } from './suite.ts';

export const matmul: Suite = {
  title: 'GFLOP/s of a matrix product',
  brackets: 'best round as a share of the 128-bit peak of as many cores as there are threads',
  run,
};

const sizes = [128, 256, 512, 1024];
const layouts = [
  { name: 'a·b', left: false, right: false },
  { name: 'aᵀ·b', left: true, right: false },
  { name: 'a·bᵀ', left: false, right: true },
  { name: 'aᵀ·bᵀ', left: true, right: true },
];
type Layout = (typeof layouts)[number];

interface Contestant {
  readonly system: string;
  /** Measured where this system is asked for; always if there is none. */
  readonly of?: string;
  readonly backend: string;
  readonly threads: number;
  /** Operations of a call. */
  work(size: number): number;
  create(size: number, layout: Layout): Promise<Session>;
}

const product = (
  system: string,
  of: string,
  about: { backend: string; threads: number },
  backend: () => Backend,
): Contestant => ({
  ...{ system, of, ...about },
  work: (size) => 2 * size ** 3,
  create: (size, layout) => createProduct(backend(), size, layout),
});
const peak = (system: string, relaxed: boolean): Contestant => ({
  ...{ system, backend: 'wasm', threads: 1 },
  work: () => peakWork,
  create: async () => {
    const run = await createPeak(relaxed);
    const turns = 100_000;
    return { stepsPerCall: turns, call: () => run(turns), dispose: () => {} };
  },
});

const one = { backend: 'wasm', threads: 1 };
const contestants: readonly Contestant[] = [
  product('neurite-wasm', 'neurite-wasm', { backend: 'wasm', threads: threadsByDefault }, () => wasm()),
  product('neurite-wasm-1', 'neurite-wasm-1', one, () => wasm({ threads: 1 })),
  product('neurite-wasm-1-plain', 'neurite-wasm-1', one, () => wasm({ threads: 1, deterministic: true })),
  product('neurite-cpu', 'neurite-cpu', { backend: 'cpu', threads: 1 }, () => cpu()),
  peak('peak', true),
  peak('peak-plain', false),
];

async function run({ systems, plan, report }: SuiteOptions): Promise<Result[]> {
  const asked = contestants.filter(({ of }) => of === undefined || systems.includes(of));
  // Products have nothing to warm up to but the engine's optimizing compiler, and there are many of them.
  const short: Plan = { ...plan, warmup: plan.warmup / 4, slice: plan.slice / 4, budget: plan.budget / 4 };
  const results: Result[] = [];
  for (const size of sizes) {
    for (const layout of layouts) {
      report(`matmul: ${size}, ${layout.name}`);
      const creators = asked.map((each) => () => each.create(size, layout));
      const figures = (await measure(creators, short)).map((measured, index) => {
        const { system, backend, threads, work } = asked[index] as Contestant;
        const { value, best, ...rest } = summary(measured, short);
        const rate = (microseconds: number) => work(size) / microseconds / 1000;
        const rates = value !== undefined && best !== undefined && { value: rate(value), best: rate(best) };
        const about = { system, backend, threads, version: packageData.version };
        return {
          suite: 'matmul',
          row: `${size}, ${layout.name}`,
          unit: 'GFLOP/s',
          ...about,
          ...rates,
          ...rest,
        };
      });
      results.push(...figures);
    }
  }
  return withShares(results);
}

/** Of the highest peak of the run, which other work cannot have slowed down. */
export function withShares(results: readonly Result[]): Result[] {
  const peaks = results.filter(({ system }) => system.startsWith('peak')).map(({ best }) => best ?? 0);
  const most = Math.max(0, ...peaks);
  return results.map((result) =>
    result.best === undefined || most === 0
      ? result
      : { ...result, share: result.best / (most * result.threads) },
  );
}

async function createProduct(backend: Backend, size: number, { left, right }: Layout): Promise<Session> {
  const [a, b] = [placeholder('a', [size, size]), placeholder('b', [size, size])];
  const y = (left ? a.transpose() : a).matmul(right ? b.transpose() : b);
  const program = lower({ outputs: { y } }, backend.capabilities);
  const executable = await backend.compile(program);
  const bufferOf = (name: string): number => program.names[name]?.buffer as number;
  const values = Float32Array.from({ length: size * size }, (_, i) => ((i * 7) % 13) / 13 - 0.5);
  executable.write(bufferOf('a'), values, program.names.a?.offset);
  executable.write(bufferOf('b'), values, program.names.b?.offset);
  // So many that what is around a call does not count.
  const stepsPerCall = Math.ceil(2e8 / (2 * size ** 3));
  return {
    stepsPerCall,
    call: async () => {
      await executable.run(stepsPerCall);
      return (await executable.read(bufferOf('y'), program.names.y?.offset, 1))[0] as number;
    },
    dispose: () => executable.release(),
  };
}
