// The backend: programs become WebAssembly modules that work on one memory, on one thread or several.
import {
  type Backend,
  type BackendReport,
  backend,
  type Executable,
  numberOption,
  type Program,
} from '@neurite/core/program';
import { worthBarrier } from './emit.ts';
import { Engine, type EngineOptions } from './engine.ts';

/**
 * WebAssembly SIMD and threads.
 *
 * - `threads`: how many, the caller among them; 0, the default, for one on each processor, up to 8. Where memory cannot be
 *   shared there is one, and `report()` says why. Programs with little to do run on one thread anyway.
 * - `megabytes`: the limit of the memory. 2048.
 * - `deterministic`: no fused multiply-add, so that machines with and without it give the same bits. false. The number of
 *   threads never changes a result.
 *
 * Computes in float32. Throws NeuriteError `unsupported` at the first `compile` where there is no WebAssembly SIMD.
 */
export const wasm = /* @__PURE__ */ backend(
  'wasm',
  {
    threads: /* @__PURE__ */ numberOption(0, { minimum: 0, maximum: 64, whole: true }),
    megabytes: /* @__PURE__ */ numberOption(2048, { minimum: 1, maximum: 4096, whole: true }),
    deterministic: false,
  },
  (options) => onEngine({ ...options, worthSharing: worthBarrier }),
);

/** A backend whose engine lives while one of its executables does. */
export function onEngine(options: EngineOptions): Omit<Backend, 'kind' | 'type' | 'options'> {
  let engine: Promise<Engine> | undefined;
  let report: BackendReport | undefined;
  /** Executables, and compilations under way: what is released meanwhile must not end the engine. */
  let users = 0;
  const leave = (): void => {
    users -= 1;
    if (users > 0) return;
    engine?.then(
      (ended) => ended.end(),
      () => {}, // it never began
    );
    engine = undefined;
  };
  return {
    capabilities: { dtypes: ['float32', 'int32', 'uint8'], inPlace: true },
    report: () => report,
    async compile(program: Program, beside?: Executable): Promise<Executable> {
      users += 1;
      try {
        engine ??= Engine.start(options);
        const started = await engine;
        report = started.report;
        return await started.compile(program, beside, leave);
      } catch (error) {
        leave();
        throw error;
      }
    },
  };
}
