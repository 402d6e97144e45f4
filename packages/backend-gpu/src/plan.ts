// A program as launches on a device: which kernel reads which cells, and which it writes.
import type { BufferId, Kernel, Program, Use } from '@neurite/core/program';
import { Cell } from './cell.ts';
import { type Bounds, separate } from './cells.ts';
import type { Device, Handle } from './device.ts';
import type { DeviceKernel } from './deviceKernel.ts';
import { geometryOf, requireSize } from './geometry.ts';
import { inOrder, type Later, whenThere } from './later.ts';
import type { BufferMemory } from './memory.ts';
import { printKernel } from './source/kernel.ts';

/** Buffers that a kernel may read: WebGPU binds eight, one of them the result. */
export const maxReads = 7;

/** A kernel's launches. */
class Launch {
  readonly target: Cell;
  readonly #reads: readonly Cell[];
  readonly #numbers: readonly number[];
  readonly #make: () => DeviceKernel;
  /** Kernels with a memory each for the result. Two, where one result is computed from the last. */
  readonly #instances: DeviceKernel[] = [];

  constructor(target: Cell, reads: readonly Cell[], numbers: readonly number[], make: () => DeviceKernel) {
    this.target = target;
    this.#reads = reads;
    this.#numbers = numbers;
    this.#make = make;
  }

  run(): Later<void> {
    const kernel = this.#free();
    const values = [...this.#reads.map(({ handle }) => handle), ...this.#numbers];
    return whenThere(kernel.run(values), (handle: Handle) => this.target.computed(handle));
  }

  /** A kernel whose memory does not hold what it is going to read. */
  #free(): DeviceKernel {
    const inUse = this.#reads.includes(this.target) ? this.target.handle : undefined;
    let kernel = this.#instances.find(({ output }) => output === undefined || output !== inUse);
    if (!kernel) {
      kernel = this.#make();
      this.#instances.push(kernel);
    }
    return kernel;
  }

  /** @param stays whether others still want what the target holds. */
  release(stays: boolean): void {
    for (const kernel of this.#instances) {
      if (stays && kernel.output === this.target.handle) this.target.keep(kernel);
      else kernel.release();
    }
  }
}

const targetOf = ({ uses }: Kernel): BufferId => (uses.find(({ access }) => access !== 'read') as Use).buffer;

export class Plan {
  readonly launches: readonly Launch[];
  /** Cells that kernels read, and that the host may have written. */
  readonly #inputs: readonly Cell[];
  readonly #bounds: readonly Bounds[];
  readonly #memory: readonly (BufferMemory | undefined)[];

  /** @param memory of each buffer of `program`; none for scratch. */
  constructor(program: Program, memory: readonly (BufferMemory | undefined)[], device: Device) {
    this.#memory = memory;
    this.#bounds = memory.map((each) => each?.bounds ?? []);
    const bounds = new Map(memory.flatMap((each) => (each ? [[each.info.name, each.bounds]] : [])));
    const { buffers, kernels, cells: ids } = separate(program, bounds, maxReads);
    const shapes = new Map(kernels.map((kernel) => [targetOf(kernel), kernel.shape]));
    const cells: Cell[] = buffers.map(({ id }) => new Cell(geometryOf(shapes.get(id) ?? [])));
    ids.forEach((parts, buffer) => {
      parts.forEach((id, i) => {
        const cell = memory[buffer]?.cells[i];
        if (cell) cells[id] = cell;
      });
    });
    for (const { name, length } of buffers) requireSize(name, length, device);
    const at = (id: BufferId): Cell => cells[id] as Cell;
    this.launches = kernels.map((kernel) => {
      const { text, reads, numbers } = printKernel(kernel, (id) => at(id).geometry, device.limits);
      const target = at(targetOf(kernel));
      const sources = reads.map(at);
      const geometries = sources.map(({ geometry }) => geometry);
      return new Launch(target, sources, numbers, () => device.kernel(text, target.geometry, geometries));
    });
    const read = kernels.flatMap(({ uses }) => uses.filter(({ access }) => access !== 'write'));
    this.#inputs = [...new Set(read.map(({ buffer }) => at(buffer)))];
  }

  /** Whether cells have been cut anew since. */
  get isStale(): boolean {
    return this.#memory.some((each, i) => each !== undefined && each.bounds !== this.#bounds[i]);
  }

  settle(device: Device): Later<void> {
    return inOrder(this.#inputs.length, (i) => (this.#inputs[i] as Cell).settle(device));
  }

  /** One execution of the program. */
  run(): Later<void> {
    return inOrder(this.launches.length, (i) => this.launches[i]?.run());
  }

  /** @param stays whether others still want what a cell holds. */
  release(stays: (cell: Cell) => boolean): void {
    for (const launch of this.launches) launch.release(stays(launch.target));
  }
}
