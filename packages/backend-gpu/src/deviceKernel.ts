// A compiled kernel on its device.
import type { Device, Handle } from './device.ts';
import type { Geometry } from './geometry.ts';
import type { Later } from './later.ts';
import type { LibraryKernel } from './library.ts';

/** A kernel with the memory of its result, which each run overwrites. */
export class DeviceKernel {
  /** The result of the last run. */
  output: Handle | undefined;
  /** What it computes, and on what. */
  readonly key: string;
  readonly #device: Device;
  readonly #kernel: LibraryKernel;
  readonly #geometry: Geometry;

  constructor(device: Device, kernel: LibraryKernel, geometry: Geometry, key: string) {
    this.key = key;
    this.#device = device;
    this.#kernel = kernel;
    this.#geometry = geometry;
  }

  get elements(): number {
    return this.#geometry.columns * this.#geometry.rows;
  }

  /** The first run on WebGPU has to be waited for: it compiles. */
  run(values: readonly unknown[]): Later<Handle> {
    const before = this.output;
    const result = this.#kernel(...values);
    if (result instanceof Promise) {
      if (!before) return result.then((handle) => this.#first(handle));
      // The memory stays the same: only the new handle on it has to go.
      result.then(
        (handle: { delete(): void }) => handle.delete(),
        (error: unknown) => this.#device.fail(error),
      );
      return before;
    }
    if (!before) return this.#first(result);
    this.output = this.#device.handleOf(result, this.#geometry);
    return this.output;
  }

  #first(result: unknown): Handle {
    this.#device.requireMode(this.#kernel);
    this.output = this.#device.handleOf(result, this.#geometry);
    return this.output;
  }

  /** Nobody needs it for now. */
  release(): void {
    this.#device.retire(this);
  }

  destroy(): void {
    this.#device.destroy(this.#kernel);
    this.output = undefined;
  }
}
