// A mode that runs: kernels, uploads and readings on one device.
import { NeuriteError } from '@neurite/core/program';
import { DeviceKernel } from './deviceKernel.ts';
import { flatten } from './flatten.ts';
import { type Geometry, type Limits, outputOf } from './geometry.ts';
import { type Later, whenThere } from './later.ts';
import type { DeviceContext, Library, LibraryInstance, LibraryKernel } from './library.ts';
import type { Mode } from './modes.ts';

/** Numbers on the device: what gpu.js gave, or an array. */
export type Handle = object;

interface Texture {
  toArray(): Later<unknown>;
  delete(): void;
}

/** How many kernels are kept for programs to come, and up to which size of their results. */
const idleKernels = 128;
const idleElements = 2 ** 16;

export class Device {
  readonly mode: Mode;
  readonly limits: Limits;
  /** Whether somebody was told that the device is lost. */
  lossWasReported = false;
  readonly #library: Library;
  readonly #gpu: LibraryInstance;
  readonly #context: DeviceContext | undefined;
  readonly #class: unknown;
  /** Kernels that upload, for textures that are folded and those that are not. */
  readonly #uploaders = new Map<boolean, LibraryKernel>();
  /** Work on WebGPU is done in turn. */
  #turn: Promise<unknown> = Promise.resolve();
  #failure: unknown;
  #corners: WebGLBuffer | undefined;
  /** Kernels of programs that were released, the longest ago first. */
  readonly #idle: DeviceKernel[] = [];

  private constructor(library: Library, mode: Mode, context: DeviceContext | undefined) {
    this.mode = mode;
    this.#library = library;
    this.#gpu = new library({ mode });
    this.#context = context;
    this.#class = classOf(library, mode);
    this.limits = this.#limits();
  }

  /** @throws whatever gpu.js throws where the mode is not to be had. */
  static async open(library: Library, mode: Mode): Promise<Device> {
    return new Device(library, mode, mode === 'webgpu' ? await library.WebGPUContext.acquire() : undefined);
  }

  /** What emulates the GPU; undefined on a real one, and where nothing is said. */
  get emulation(): string | undefined {
    const all = this.#adapterNames.join(' ');
    return /swiftshader|llvmpipe|softpipe|lavapipe|basic render|software/i.test(all)
      ? this.adapter
      : undefined;
  }

  /** What the GPU calls itself; nothing where it does not say. */
  get adapter(): string {
    const [description, ...parts] = this.#adapterNames;
    return description || parts.slice(0, 2).filter(Boolean).join(' ');
  }

  get isLost(): boolean {
    return this.#context?.isLost ?? this.#webGl?.isContextLost() ?? false;
  }

  /** Something that nobody waited for went wrong. */
  fail(error: unknown): void {
    this.#failure ??= error;
  }

  /** @throws what went wrong meanwhile. */
  requireHealth(): void {
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure) throw failure;
  }

  /** @param sources how what the kernel reads lies in memory. */
  kernel(source: string, geometry: Geometry, sources: readonly Geometry[]): DeviceKernel {
    const key = JSON.stringify([source, geometry, sources]);
    const idle = this.#idle.find((kernel) => kernel.key === key);
    if (idle) {
      this.#idle.splice(this.#idle.indexOf(idle), 1);
      return idle;
    }
    const kernel = this.#create(source, { output: outputOf(geometry, this.limits) });
    return new DeviceKernel(this, kernel, geometry, key);
  }

  /** Takes a kernel that nobody needs. It may be wanted again: compiling takes longer than most programs run. */
  retire(kernel: DeviceKernel): void {
    // Where kernels compile fast and each has a memory of the processor's, nothing is won.
    if (this.usesHostMemory || kernel.elements > idleElements) {
      kernel.destroy();
      return;
    }
    this.#idle.push(kernel);
    if (this.#idle.length > idleKernels) this.#idle.shift()?.destroy();
  }

  /** Throws unless the mode that was asked for is the one that runs. */
  requireMode({ kernel }: LibraryKernel): void {
    if (kernel.constructor === this.#class) return;
    throw new NeuriteError(
      'unsupported',
      `gpu: gpu.js left ${this.mode} for another mode: ${kernel.fallbackReason ?? 'it gives no reason'}`,
    );
  }

  /** There from the first kernel on. */
  get #webGl(): WebGL2RenderingContext | undefined {
    return (this.mode === 'webgl2' && this.#gpu.context) || undefined;
  }

  /** What a kernel gave as something that kernels take. */
  handleOf(result: unknown, { columns, rows }: Geometry): Handle {
    if (this.mode !== 'webasm') return result as Handle;
    return new this.#library.Input(flatten(result), [columns, rows]);
  }

  /** Copies an array to the device; the handle is the caller's, until `discard`. */
  upload(values: Float32Array, geometry: Geometry): Later<Handle> {
    if (this.mode === 'cpu') return values;
    const output = outputOf(geometry, this.limits);
    const input = new this.#library.Input(values, output);
    if (this.mode === 'webasm') return input;
    // One kernel for all sizes, a new memory for each result.
    const folded = output.length === 3;
    const known = this.#uploaders.get(folded);
    known?.setOutput(output);
    const source = `function(a0) { return a0[${folded ? 'this.thread.z][0' : 'this.thread.y'}][this.thread.x]; }`;
    const settings = { output, dynamicOutput: true, dynamicArguments: true, immutable: true };
    const kernel = known ?? this.#create(source, settings);
    this.#uploaders.set(folded, kernel);
    return kernel(input) as Later<Handle>;
  }

  /** Gives back the memory of what was uploaded. */
  discard(handle: Handle): void {
    if (!this.usesHostMemory) (handle as Texture).delete();
  }

  /** Whether kernels take arrays as they are. */
  get usesHostMemory(): boolean {
    return this.mode === 'cpu' || this.mode === 'webasm';
  }

  read(handle: Handle): Later<Float32Array> {
    if (this.mode === 'cpu') return handle as Float32Array;
    if (this.mode === 'webasm') return (handle as { value: Float32Array }).value;
    return whenThere((handle as Texture).toArray(), flatten);
  }

  /** Runs `work` after everything that was asked for before: at once, but on WebGPU. */
  inTurn<T>(work: () => Later<T>): Later<T> {
    if (this.mode !== 'webgpu') return work();
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => {}); // who asked hears of it
    return result;
  }

  /** Until the device has done what it was given; otherwise work would pile up. */
  finished(): Later<void> {
    return this.#context?.device.queue.onSubmittedWorkDone();
  }

  destroy(kernel: LibraryKernel): void {
    kernel.kernel.buffer = null; // the corners are everybody's
    kernel.destroy();
    // In some modes gpu.js keeps the kernel in its list.
    const at = this.#gpu.kernels.indexOf(kernel.kernel);
    if (at >= 0) this.#gpu.kernels.splice(at, 1);
  }

  #create(source: string, settings: Record<string, unknown>): LibraryKernel {
    const kernel = this.#gpu.createKernel(source, {
      precision: 'single',
      tactic: 'precision',
      pipeline: true,
      ...settings,
    });
    // In WebGL all kernels draw between the corners that were bound last, which gpu.js deletes with the kernel that bound
    // them. So they share one.
    if (this.#webGl) {
      this.#corners ??= cornersOf(this.#webGl);
      kernel.kernel.buffer = this.#corners;
    }
    return kernel;
  }

  #limits(): Limits {
    switch (this.mode) {
      case 'cpu':
        return { flat: true, elements: 2 ** 31, side: Number.POSITIVE_INFINITY };
      case 'webasm':
        return { flat: false, elements: 2 ** 26, side: Number.POSITIVE_INFINITY };
      case 'webgl2': {
        const side = this.#library.WebGL2Kernel.features.maxTextureSize;
        return { flat: false, elements: side * side, side };
      }
      case 'webgpu': {
        const { maxStorageBufferBindingSize, maxBufferSize } = (this.#context as DeviceContext).device.limits;
        const elements = Math.floor(Math.min(maxStorageBufferBindingSize, maxBufferSize) / 4);
        return { flat: false, elements, side: Number.POSITIVE_INFINITY };
      }
      default:
        return this.mode satisfies never;
    }
  }

  /** A description, if there is one, and then whatever else is said. */
  get #adapterNames(): string[] {
    if (this.#context) {
      const { info = {} } = this.#context.adapter;
      const names = ['description', 'vendor', 'architecture', 'device'].map((key) => `${info[key] ?? ''}`);
      return [...names, info.isFallbackAdapter ? 'software' : ''];
    }
    const gl = this.#webGl;
    const extension = gl?.getExtension('WEBGL_debug_renderer_info');
    return [gl && extension ? `${gl.getParameter(extension.UNMASKED_RENDERER_WEBGL)}` : ''];
  }
}

function classOf(library: Library, mode: Mode): unknown {
  switch (mode) {
    case 'webgpu':
      return library.WebGPUKernel;
    case 'webgl2':
      return library.WebGL2Kernel;
    case 'webasm':
      return library.WebAssemblyKernel;
    case 'cpu':
      return library.CPUKernel;
    default:
      return mode satisfies never;
  }
}

/** Room for the four corners of what a kernel draws, and of its texture. */
function cornersOf(gl: WebGL2RenderingContext): WebGLBuffer {
  const buffer = gl.createBuffer() as WebGLBuffer;
  gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
  gl.bufferData(gl.ARRAY_BUFFER, 16 * 4, gl.STATIC_DRAW);
  return buffer;
}
