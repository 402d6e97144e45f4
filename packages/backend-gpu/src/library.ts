/// <reference path="./gpu.js.d.ts" />
// gpu.js as far as it is used here, and how it is loaded: late, since it is large.

/** A class of gpu.js's kernels. */
export interface KernelClass {
  readonly isSupported: boolean;
  readonly features: { readonly maxTextureSize: number };
}

/** A compiled kernel. It gives a handle of its result, or the promise of one. */
export interface LibraryKernel {
  (...values: unknown[]): unknown;
  readonly kernel: {
    readonly constructor: unknown;
    readonly fallbackReason?: string | null;
    /** In WebGL, the corners of what is drawn. */
    buffer?: WebGLBuffer | null;
  };
  setOutput(output: readonly number[]): void;
  destroy(): void;
}

export interface LibraryInstance {
  readonly context: WebGL2RenderingContext | null;
  readonly kernels: unknown[];
  createKernel(source: string, settings: Record<string, unknown>): LibraryKernel;
}

export interface Library {
  new (settings: { readonly mode: string }): LibraryInstance;
  readonly Input: new (values: Float32Array, size: readonly number[]) => object;
  readonly CPUKernel: KernelClass;
  readonly WebAssemblyKernel: KernelClass;
  readonly WebGL2Kernel: KernelClass;
  readonly WebGPUKernel: KernelClass;
  readonly WebGPUContext: { acquire(): Promise<DeviceContext> };
}

/** What gpu.js's WebGPU kernels share. */
export interface DeviceContext {
  readonly isLost: boolean;
  readonly adapter: { readonly info?: Readonly<Record<string, unknown>> };
  readonly device: {
    readonly limits: { readonly maxStorageBufferBindingSize: number; readonly maxBufferSize: number };
    readonly queue: { onSubmittedWorkDone(): Promise<void> };
    destroy(): void;
  };
}

let library: Promise<Library> | undefined;

/** gpu.js, loaded once. It takes the global name `GPU` for itself, which is WebGPU's: it does not keep it. */
export function loadLibrary(): Promise<Library> {
  library ??= (async () => {
    const own = Object.getOwnPropertyDescriptor(globalThis, 'GPU');
    const { default: loaded } = (await import('#gpu.js')) as { default: unknown };
    Reflect.deleteProperty(globalThis, 'GPU');
    if (own) Object.defineProperty(globalThis, 'GPU', own);
    return loaded as Library;
  })();
  return library;
}
