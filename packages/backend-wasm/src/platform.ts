// What the platform has: processors, and workers that can share memory with it.

interface NodeWorker {
  postMessage(message: unknown): void;
  ref(): void;
  unref(): void;
  on(event: 'message' | 'error', listener: (value: unknown) => void): void;
  terminate(): Promise<number>;
}
interface NodeProcess {
  getBuiltinModule?(name: 'node:worker_threads'): {
    readonly Worker: new (source: string, options: { eval: true; execArgv: [] }) => NodeWorker;
  };
  getBuiltinModule?(name: 'node:os'): { availableParallelism(): number };
}

export const nodeProcess = (globalThis as { process?: NodeProcess }).process;

/** Processors that the platform reports. */
export function processors(): number {
  const os = nodeProcess?.getBuiltinModule?.('node:os');
  return os ? os.availableParallelism() : (globalThis.navigator?.hardwareConcurrency ?? 1);
}

/** Why workers cannot share memory here; undefined where they can. */
export function whyAlone(): string | undefined {
  if (typeof SharedArrayBuffer === 'undefined') return 'SharedArrayBuffer is missing';
  if (nodeProcess?.getBuiltinModule) return undefined;
  if (typeof globalThis.Worker === 'undefined') return 'there are no workers';
  return globalThis.crossOriginIsolated ? undefined : 'the page is not cross-origin isolated';
}
