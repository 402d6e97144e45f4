// Numbers that kernels read and write as a whole: on the host where it wrote them, on the device where kernels did.
import type { Device, Handle } from './device.ts';
import type { DeviceKernel } from './deviceKernel.ts';
import type { Geometry } from './geometry.ts';
import { type Later, whenThere } from './later.ts';

/** Part of what a cell holds. */
interface Patch {
  readonly values: Float32Array;
  readonly offset: number;
}

export class Cell {
  readonly length: number;
  readonly geometry: Geometry;
  /** What kernels read, once the cell is settled. */
  handle: Handle | undefined;
  /** What the host knows last, if anything. */
  #host: Float32Array | undefined;
  #newer: 'host' | 'device' | 'neither';
  /** What the host wrote over parts of newer numbers on the device. */
  #patches: Patch[] = [];
  /** Gives back what the handle stands for, where that is nobody else's. */
  #release: (() => void) | undefined;

  /** @param values what it begins with; a cell without is written by kernels first. */
  constructor(geometry: Geometry, values?: Float32Array) {
    this.length = values?.length ?? geometry.columns * geometry.rows;
    this.geometry = geometry;
    this.#host = values;
    this.#newer = values ? 'host' : 'neither';
  }

  write(values: Float32Array, offset: number): void {
    if (values.length === this.length) {
      this.#host = values;
      this.#patches = [];
      this.#newer = 'host';
    } else if (this.#newer === 'device') {
      this.#patches.push({ values, offset });
    } else {
      this.#known().set(values, offset);
      this.#newer = 'host';
    }
  }

  /** All numbers. They are the cell's own: nobody may change them. */
  read(device: Device): Later<Float32Array> {
    if (this.#newer !== 'device') return this.#known();
    return whenThere(device.read(this.handle as Handle), (numbers) => {
      const own = device.usesHostMemory ? numbers.slice() : numbers;
      this.#host = own;
      this.#newer = this.#patches.length > 0 ? 'host' : 'neither';
      for (const { values, offset } of this.#patches) own.set(values, offset);
      this.#patches = [];
      return own;
    });
  }

  /** What was last written or read, where the device can no longer be asked. */
  get lastKnown(): Float32Array {
    return this.#known();
  }

  /** Brings to the device what the host wrote. */
  settle(device: Device): Later<void> {
    const whole = this.#patches.length > 0 ? this.read(device) : undefined;
    return whenThere(whole, () => {
      if (this.#newer !== 'host') return undefined;
      return whenThere(device.upload(this.#known(), this.geometry), (handle) => {
        this.#hold(handle);
        this.#release = () => device.discard(handle);
        this.#newer = 'neither';
      });
    });
  }

  /** A kernel computed the numbers anew. */
  computed(handle: Handle): void {
    this.#hold(handle);
    this.#patches = [];
    this.#newer = 'device';
  }

  /** Keeps a kernel for as long as its result is what the cell holds. */
  keep(kernel: DeviceKernel): void {
    this.#release = () => kernel.release();
  }

  release(): void {
    this.#hold(undefined);
  }

  #known(): Float32Array {
    this.#host ??= new Float32Array(this.length);
    return this.#host;
  }

  #hold(handle: Handle | undefined): void {
    if (handle === this.handle) return;
    this.#release?.();
    this.#release = undefined;
    this.handle = handle;
  }
}
