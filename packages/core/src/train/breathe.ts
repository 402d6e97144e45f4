// Lets timers, input and signals have their turn between two runs of a program.

/** The parts of the platform that Node and browsers share, as far as they are there. */
interface Platform {
  readonly setImmediate?: (callback: () => void) => unknown;
  readonly setTimeout: (callback: () => void, milliseconds: number) => unknown;
  readonly MessageChannel?: new () => {
    readonly port1: { onmessage: (() => void) | null; close(): void };
    readonly port2: { postMessage(message: null): void };
  };
}

/** Resolves in a later turn of the event loop; browsers delay nested timers by 4 ms, messages they don't. */
export function breathe(): Promise<void> {
  const platform = globalThis as unknown as Platform;
  return new Promise((resolve) => {
    if (platform.setImmediate) {
      platform.setImmediate(resolve);
    } else if (platform.MessageChannel) {
      const { port1, port2 } = new platform.MessageChannel();
      port1.onmessage = () => {
        port1.close();
        resolve();
      };
      port2.postMessage(null);
    } else {
      platform.setTimeout(resolve, 0);
    }
  });
}
