// A compiled program with its memory on a device.
import {
  type BufferId,
  type Executable,
  NeuriteError,
  type NumberArray,
  type Program,
} from '@neurite/core/program';
import { boundsOf } from './cells.ts';
import type { Device } from './device.ts';
import { type Geometry, geometryOf, requireSize } from './geometry.ts';
import { inOrder, type Later, whenThere } from './later.ts';
import { BufferMemory } from './memory.ts';
import { modeNames } from './modes.ts';
import { Plan } from './plan.ts';

/** State and data that several executables share, by name. */
export type Shared = ReadonlyMap<string, BufferMemory>;

/** Executions that are handed to the device before it is waited for. */
const ahead = 16;

export class GpuExecutable implements Executable {
  readonly device: Device;
  readonly #program: Program;
  readonly #memory: readonly (BufferMemory | undefined)[];
  #plan: Plan | undefined;
  #steps = 0;
  #released = false;

  private constructor(program: Program, memory: readonly (BufferMemory | undefined)[], device: Device) {
    this.#program = program;
    this.#memory = memory;
    this.device = device;
  }

  /** @param shared buffers that were claimed for this program; those that it does not use are given back, none if this throws. */
  static async make(program: Program, shared: Shared, device: Device): Promise<GpuExecutable> {
    const memory: (BufferMemory | undefined)[] = [];
    try {
      const bounds = boundsOf(program);
      for (const info of program.buffers) {
        if (info.home === 'scratch') {
          memory.push(undefined);
          continue;
        }
        const geometryAt = geometriesOf(program, info.id);
        const wanted = bounds.get(info.name) ?? [0, info.length];
        const found = shared.get(info.name);
        if (found && found.info.dtype === info.dtype && found.info.length === info.length) {
          await device.inTurn(() => found.refine(wanted, geometryAt, device));
          memory.push(found);
          continue;
        }
        // Kernels hold state in parts, all else in one piece.
        if (info.home !== 'state') requireSize(info.name, info.length, device);
        memory.push(new BufferMemory(info, wanted, geometryAt));
      }
      const executable = new GpuExecutable(program, memory, device);
      executable.#plan = new Plan(program, memory, device);
      for (const each of shared.values()) if (!memory.includes(each)) leave(each);
      return executable;
    } catch (error) {
      for (const each of memory) if (each && ![...shared.values()].includes(each)) leave(each);
      throw error;
    }
  }

  /** Claims the buffers that a program compiled beside this one takes over. */
  claim(): Shared {
    this.#requireAlive('compiled beside');
    const lasting = this.#memory.filter((each) => each?.info.home === 'state' || each?.info.home === 'data');
    for (const each of lasting) (each as BufferMemory).users += 1;
    return new Map(lasting.map((each) => [(each as BufferMemory).info.name, each as BufferMemory]));
  }

  write(buffer: BufferId, values: NumberArray, offset = 0): void {
    this.#memoryOf(buffer, 'written').write(values, offset);
  }

  run(steps = 1): Promise<void> | void {
    this.#requireAlive('run');
    if (steps > 0) return this.#onDevice(() => this.#run(steps));
  }

  read(buffer: BufferId, offset = 0, length?: number): Promise<NumberArray> | NumberArray {
    const memory = this.#memoryOf(buffer, 'read');
    const count = length ?? memory.info.length - offset;
    memory.requireRange(offset, count);
    if (this.device.isLost && this.device.lossWasReported && memory.info.home !== 'output') {
      return memory.read(offset, count, ({ lastKnown }) => lastKnown);
    }
    return this.#onDevice(() => memory.read(offset, count, (cell) => cell.read(this.device)));
  }

  release(): void {
    if (this.#released) return;
    this.#released = true;
    const plan = this.#plan;
    this.#plan = undefined;
    // What is under way is done first.
    void this.device.inTurn(() => {
      plan?.release((cell) =>
        this.#memory.some((each) => each !== undefined && each.users > 1 && each.cells.includes(cell)),
      );
      for (const each of this.#memory) if (each) leave(each);
    });
  }

  #run(steps: number): Later<void> {
    const { device } = this;
    if (this.#plan?.isStale) {
      this.#plan.release((cell) => this.#memory.some((each) => each?.cells.includes(cell)));
      this.#plan = undefined;
    }
    this.#plan ??= new Plan(this.#program, this.#memory, device);
    const plan = this.#plan;
    return whenThere(plan.settle(device), () =>
      inOrder(steps, (i) =>
        whenThere(plan.run(), () => {
          this.#steps += 1;
          return i % ahead === ahead - 1 ? device.finished() : undefined;
        }),
      ),
    );
  }

  /** Does `work` in turn; says what it means if the device is gone before, meanwhile or afterwards. */
  #onDevice<T>(work: () => Later<T>): Later<T> {
    const { device } = this;
    const checked = (result: T): T => {
      if (device.isLost) throw this.#lost();
      device.requireHealth();
      return result;
    };
    return device.inTurn(() => {
      try {
        if (device.isLost) throw this.#lost();
        const result = work();
        return result instanceof Promise
          ? result.then(checked).catch((error) => this.#explain(error))
          : checked(result);
      } catch (error) {
        throw this.#translated(error);
      }
    });
  }

  /** An error on WebGPU may be heard of before the loss that it comes from. */
  async #explain(error: unknown): Promise<never> {
    await new Promise((resolve) => setTimeout(resolve));
    throw this.#translated(error);
  }

  #translated(error: unknown): unknown {
    if (error instanceof NeuriteError) return error;
    if (this.device.isLost) return this.#lost(error);
    const message = error instanceof Error ? error.message : `${error}`;
    return new NeuriteError('unsupported', `gpu: ${modeNames[this.device.mode]} failed: ${message}`, {
      cause: error,
    });
  }

  #lost(cause?: unknown): NeuriteError {
    this.device.lossWasReported = true;
    return new NeuriteError(
      'unsupported',
      `gpu: the GPU was lost (${modeNames[this.device.mode]}) after step ${this.#steps} of this program: what was last read or written of its state can still be read; put it into a new trainer`,
      { cause },
    );
  }

  #requireAlive(what: string): void {
    if (this.#released)
      throw new NeuriteError('state', `an executable that was released cannot be ${what}: compile it again`);
  }

  #memoryOf(buffer: BufferId, what: string): BufferMemory {
    this.#requireAlive(what);
    const memory = this.#memory[buffer];
    if (!memory) throw new NeuriteError('internal', `there is no buffer ${buffer}`);
    return memory;
  }
}

/** The last one to leave ends it. */
export function leave(memory: BufferMemory): void {
  memory.users -= 1;
  if (memory.users === 0) memory.release();
}

/** Rows as long as those of the tensor that lies there, if it has a name. */
function geometriesOf({ names }: Program, buffer: BufferId): (offset: number, length: number) => Geometry {
  const regions = Object.values(names).filter((region) => region.buffer === buffer);
  return (offset, length) => {
    const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);
    const region = regions.find((each) => each.offset === offset && sizeOf(each.shape) === length);
    return geometryOf(region?.shape ?? [length]);
  };
}
