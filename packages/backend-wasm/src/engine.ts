// What the executables of one backend share: a memory, and the threads that work on it. Made for the first of them.
import { type BackendReport, type Executable, NeuriteError, type Program } from '@neurite/core/program';
import { relaxedSimd, threads as sharedMemory, simd } from 'wasm-feature-detect';
import { Arena } from './arena.ts';
import { emitProgram, isShared, type Settings, workspaceOf } from './emit.ts';
import { WasmExecutable } from './executable.ts';
import { type Layout, layOut } from './layout.ts';
import { processors, whyAlone } from './platform.ts';
import type { Team } from './team.ts';

export interface EngineOptions {
  /** 0 for one on each processor. */
  readonly threads: number;
  readonly megabytes: number;
  readonly deterministic: boolean;
  readonly worthSharing: Settings['worthSharing'];
}

type Run = (steps: number, thread: number, threads: number, mayWait: number) => void;

/** Functions of numbers that modules import. */
const hostMath = Math as unknown as WebAssembly.ModuleImports;

/** Browsers do not let their main thread sleep; it keeps looking instead. */
const mayWait = (): number =>
  typeof (globalThis as { document?: unknown }).document === 'undefined' ? 1 : 0;

export class Engine {
  readonly report: BackendReport;
  readonly arena: Arena;
  readonly #settings: Settings;
  /** Workers, once a program wants them. */
  #team: Team | undefined;

  private constructor(megabytes: number, settings: Settings, aloneBecause: string | undefined) {
    const { threads, relaxed } = settings;
    this.#settings = settings;
    this.arena = new Arena(megabytes, threads > 1);
    this.report = {
      mode: `${threads} thread${threads === 1 ? '' : 's'}, ${relaxed ? 'relaxed SIMD' : 'SIMD'}`,
      notes: aloneBecause === undefined ? [] : [`one thread, because ${aloneBecause}`],
    };
  }

  /** @throws NeuriteError `unsupported` where there is no WebAssembly SIMD, or too little memory to begin with. */
  static async start({ threads, megabytes, deterministic, worthSharing }: EngineOptions): Promise<Engine> {
    if (typeof WebAssembly === 'undefined' || !(await simd())) {
      throw new NeuriteError('unsupported', 'wasm: there is no WebAssembly SIMD here: use the cpu backend');
    }
    const wanted = threads === 0 ? Math.min(8, processors()) : threads;
    const aloneBecause =
      wanted === 1
        ? undefined
        : (whyAlone() ?? ((await sharedMemory()) ? undefined : 'WebAssembly threads are missing'));
    const relaxed = !deterministic && (await relaxedSimd());
    const settings = { threads: aloneBecause === undefined ? wanted : 1, relaxed, worthSharing };
    return new Engine(megabytes, settings, aloneBecause);
  }

  /** @param onRelease called when the executable is released; not if this throws. */
  async compile(
    program: Program,
    beside: Executable | undefined,
    onRelease: () => void,
  ): Promise<WasmExecutable> {
    const shared = beside && this.#own(beside).shared;
    const layout = layOut(program, workspaceOf(program, this.#settings), this.arena, shared);
    try {
      return await this.#build(program, layout, onRelease);
    } catch (error) {
      layout.release();
      throw error;
    }
  }

  end(): void {
    this.#team?.terminate();
  }

  #own(beside: Executable): WasmExecutable {
    if (beside instanceof WasmExecutable && beside.memory === this.arena.memory) return beside;
    throw new NeuriteError(
      'state',
      'wasm: memory can be shared only with a living executable of this backend',
    );
  }

  async #build(program: Program, layout: Layout, onRelease: () => void): Promise<WasmExecutable> {
    const { memory, limits } = this.arena;
    const module = await WebAssembly.compile(emitProgram(program, layout, this.#settings, limits));
    const instance = await WebAssembly.instantiate(module, { neurite: { memory }, Math: hostMath });
    const { run } = instance.exports as unknown as { run: Run };
    if (!program.kernels.some((kernel) => isShared(kernel, this.#settings))) {
      const runAlone = (steps: number): void => {
        try {
          run(steps, 0, 1, mayWait());
        } catch (cause) {
          throw outside(cause);
        }
      };
      return new WasmExecutable(program, layout, memory, runAlone, onRelease);
    }
    // Pages that are not isolated never need it: bundlers keep it apart.
    const { Team } = await import('./team.ts');
    this.#team ??= new Team(memory, this.#settings.threads);
    const team = this.#team;
    const id = await team.add(module);
    const runOwnPart = (steps: number): void => run(steps, 0, team.threads, mayWait());
    const runTogether = (steps: number): Promise<void> | void =>
      team.whenFree(() => {
        executable.requireAlive('run');
        try {
          team.run(id, steps, runOwnPart);
        } catch (cause) {
          throw outside(cause);
        }
      });
    const executable = new WasmExecutable(program, layout, memory, runTogether, () => {
      team.remove(id);
      onRelease();
    });
    return executable;
  }
}

/** A kernel that leaves the memory, on whatever thread: only row numbers can lead it there. */
const outside = (cause: unknown): NeuriteError =>
  new NeuriteError(
    'data',
    `wasm: the program read or wrote outside its memory (${String(cause)}): look for row numbers that no table has`,
    { cause },
  );
