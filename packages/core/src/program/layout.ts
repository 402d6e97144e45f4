// Which numbers lie where: buffers, and the parts of them that have names.
import { NeuriteError } from '../errors.ts';
import { byteSize, type DType } from '../scalar/dtype.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { InputTensor } from './fuse.ts';
import { planMemory } from './memory.ts';
import type { BufferId, BufferInfo, Home, Kernel, Program, Region, Use } from './program.ts';

/** A buffer that the host knows by name, and the named parts of it. */
export interface NamedBuffer {
  readonly home: 'input' | 'data' | 'state';
  readonly dtype: DType;
  /** In elements. */
  readonly length: number;
}

type OpenBuffer = Omit<BufferInfo, 'offset' | 'live'>;

export class Layout {
  readonly #buffers: OpenBuffer[] = [];
  readonly #byName = new Map<string, BufferId>();
  readonly #names: Record<string, Region> = {};
  readonly #regions = new Map<Tensor, Region[]>();

  constructor(declared: Readonly<Record<string, NamedBuffer>>) {
    for (const [name, { home, dtype, length }] of Object.entries(declared))
      this.#open(name, home, dtype, length);
  }

  addInput(tensor: InputTensor): void {
    const { name, buffer, offset, home } = tensor.op;
    const id = this.#byName.get(buffer) ?? this.#open(buffer, home, tensor.dtype, tensor.size);
    const region = { buffer: id, offset, shape: tensor.shape };
    this.#names[name] = region;
    this.#regions.set(tensor, [region]);
  }

  addOutput(name: string, tensor: Tensor): Region {
    if (this.#byName.has(name) || Object.hasOwn(this.#names, name)) {
      throw new NeuriteError(
        'name',
        `an output is called "${name}", as an input or a buffer is: call it otherwise`,
      );
    }
    const region = {
      buffer: this.#open(name, 'output', tensor.dtype, tensor.size),
      offset: 0,
      shape: tensor.shape,
    };
    this.#names[name] = region;
    return region;
  }

  addTarget(tensor: Tensor, region: Region): void {
    this.#regions.set(tensor, [...(this.#regions.get(tensor) ?? []), region]);
  }

  addScratch(tensor: Tensor): void {
    if (this.#regions.has(tensor)) return;
    const id = this.openScratch(tensor.dtype, tensor.size);
    this.#regions.set(tensor, [{ buffer: id, offset: 0, shape: tensor.shape }]);
  }

  /** A new buffer that only kernels know. */
  openScratch(dtype: DType, length: number): BufferId {
    return this.#open(`scratch${this.#buffers.length}`, 'scratch', dtype, length);
  }

  /** What a use touches; parts of a state buffer are told apart. */
  placeOf({ buffer, view }: Use): string {
    return this.#buffers[buffer]?.home === 'state' ? `${buffer} from ${view.offset}` : `${buffer}`;
  }

  /** Where `tensor` is read. */
  regionOf(tensor: Tensor): Region {
    return this.targetsOf(tensor)[0] as Region;
  }

  /** Where `tensor` is written. */
  targetsOf(tensor: Tensor): readonly Region[] {
    const regions = this.#regions.get(tensor);
    if (!regions) throw new NeuriteError('internal', `${tensor.op.key} lies nowhere`);
    return regions;
  }

  /** The name of the state that begins at `offset` of `buffer`. */
  stateName(buffer: BufferId, offset: number): string | undefined {
    if (this.#buffers[buffer]?.home !== 'state') return undefined;
    return Object.keys(this.#names).find(
      (name) => this.#names[name]?.buffer === buffer && this.#names[name]?.offset === offset,
    );
  }

  finish(kernels: readonly Kernel[]): Program {
    const last = Math.max(0, kernels.length - 1);
    const lives = this.#buffers.map(({ id, home }): [number, number] => {
      if (home !== 'scratch') return [0, last];
      const touching = kernels.flatMap(({ uses }, i) => (uses.some((use) => use.buffer === id) ? [i] : []));
      return [touching[0] ?? 0, touching.at(-1) ?? 0];
    });
    const scratch = this.#buffers.filter(({ home }) => home === 'scratch');
    const plan = planMemory(
      scratch.map(({ id, dtype, length }) => ({
        bytes: byteSize(dtype) * length,
        live: lives[id] as [number, number],
      })),
    );
    const offsets = new Map(scratch.map(({ id }, i) => [id, plan.offsets[i] as number]));
    return {
      buffers: this.#buffers.map((buffer) => ({
        ...buffer,
        offset: offsets.get(buffer.id) ?? 0,
        live: lives[buffer.id] as [number, number],
      })),
      kernels,
      names: this.#names,
      scratchBytes: plan.bytes,
    };
  }

  #open(name: string, home: Home, dtype: DType, length: number): BufferId {
    const id = this.#buffers.push({ id: this.#buffers.length, name, home, dtype, length }) - 1;
    this.#byName.set(name, id);
    return id;
  }
}
