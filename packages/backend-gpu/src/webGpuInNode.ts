// WebGPU where the platform has none of its own: from the package `webgpu`, if somebody installed it.

interface WebGpuPackage {
  create(options: readonly string[]): object;
  readonly globals: Readonly<Record<string, unknown>>;
}

/** Makes sure that there is `navigator.gpu`; why there is none, else. */
export async function provideWebGpu(): Promise<string | undefined> {
  if (typeof navigator !== 'undefined' && 'gpu' in navigator && navigator.gpu) return undefined;
  const isNode =
    typeof (globalThis as { process?: { versions?: { node?: string } } }).process?.versions?.node ===
    'string';
  if (!isNode) return 'navigator.gpu is missing: it takes https or localhost, and a browser with WebGPU';
  try {
    const name = 'webgpu'; // not for bundlers
    const { create, globals } = (await import(/* @vite-ignore */ name)) as WebGpuPackage;
    for (const [key, value] of Object.entries(globals)) {
      if (!(key in globalThis))
        Object.defineProperty(globalThis, key, { value, configurable: true, writable: true });
    }
    if (typeof navigator === 'undefined') {
      Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true, writable: true });
    }
    Object.defineProperty(navigator, 'gpu', { value: create([]), configurable: true });
    return undefined;
  } catch (error) {
    return `the package webgpu is missing or does not load (npm install webgpu): ${error instanceof Error ? error.message : error}`;
  }
}
