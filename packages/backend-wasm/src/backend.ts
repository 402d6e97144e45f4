// The backend: programs become WebAssembly modules that work on one memory, on one thread or several.
import {
  type BackendReport,
  backend,
  type Executable,
  NeuriteError,
  option,
  type Program,
} from '@neurite/core/program';
import { relaxedSimd, threads as sharedMemory, simd } from 'wasm-feature-detect';
import { Arena } from './arena.ts';
import { emitProgram, isShared, type Settings, workspaceOf } from './emit.ts';
import { layOut, WasmExecutable } from './executable.ts';
import { processors, Team, whyAlone } from './team.ts';

type Run = (steps: number, thread: number, threads: number, mayWait: number) => void;

/** Everything that the executables of one backend share. It lives while one of them does. */
interface Engine {
  readonly arena: Arena;
  readonly settings: Settings;
  readonly team: Team | undefined;
  users: number;
}

/** Browsers do not let their main thread sleep; it keeps looking instead. */
const mayWait = (): number =>
  typeof (globalThis as { document?: unknown }).document === 'undefined' ? 1 : 0;

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
export const wasm = backend(
  'wasm',
  {
    threads: option.number(0, { minimum: 0, maximum: 64, whole: true }),
    megabytes: option.number(2048, { minimum: 1, maximum: 4096, whole: true }),
    deterministic: false,
  },
  ({ threads, megabytes, deterministic }) => {
    let starting: Promise<Engine> | undefined;
    let report: BackendReport | undefined;

    const start = async (): Promise<Engine> => {
      if (typeof WebAssembly === 'undefined' || !(await simd())) {
        throw new NeuriteError('unsupported', 'wasm: there is no WebAssembly SIMD here: use the cpu backend');
      }
      const wanted = threads === 0 ? Math.min(8, processors()) : threads;
      const aloneBecause =
        wanted === 1
          ? undefined
          : (whyAlone() ?? ((await sharedMemory()) ? undefined : 'WebAssembly threads are missing'));
      const settings: Settings = {
        threads: aloneBecause === undefined ? wanted : 1,
        relaxed: !deterministic && (await relaxedSimd()),
      };
      const arena = new Arena(megabytes, settings.threads > 1);
      const team = settings.threads > 1 ? new Team(arena.memory, settings.threads) : undefined;
      report = {
        mode: `${settings.threads} thread${settings.threads === 1 ? '' : 's'}, ${settings.relaxed ? 'relaxed SIMD' : 'SIMD'}`,
        notes: aloneBecause === undefined ? [] : [`one thread, because ${aloneBecause}`],
      };
      return { arena, settings, team, users: 0 };
    };

    const leave = (engine: Engine): void => {
      engine.users -= 1;
      if (engine.users > 0) return;
      engine.team?.terminate();
      starting = undefined;
    };

    return {
      capabilities: { dtypes: ['float32', 'int32', 'uint8'], inPlace: true },
      report: () => report,
      async compile(program: Program, beside?: Executable): Promise<Executable> {
        starting ??= start();
        const engine = await starting;
        engine.users += 1;
        try {
          return await build(engine, program, beside as WasmExecutable | undefined, leave);
        } catch (error) {
          leave(engine);
          throw error;
        }
      },
    };
  },
);

async function build(
  engine: Engine,
  program: Program,
  beside: WasmExecutable | undefined,
  leave: (engine: Engine) => void,
): Promise<WasmExecutable> {
  const { arena, settings, team } = engine;
  const layout = layOut(program, workspaceOf(program, settings), arena, beside);
  const module = await WebAssembly.compile(emitProgram(program, layout, settings, arena.limits));
  const instance = await WebAssembly.instantiate(module, {
    neurite: { memory: arena.memory, power: Math.pow },
  });
  const { run } = instance.exports as unknown as { run: Run };
  const together = team && program.kernels.some((kernel) => isShared(kernel, settings)) ? team : undefined;
  if (!together) {
    return new WasmExecutable(
      program,
      layout,
      arena,
      (steps) => run(steps, 0, 1, mayWait()),
      () => leave(engine),
    );
  }
  const id = await together.add(module);
  const runTogether = (steps: number): void => {
    together.start(id, steps);
    run(steps, 0, together.threads, mayWait());
  };
  return new WasmExecutable(program, layout, arena, runTogether, () => {
    together.remove(id);
    leave(engine);
  });
}
