// The systems by the names that --systems takes. Each is loaded when its turn comes, so that one that cannot be
// loaded on this machine is a line in the report.
import type { System } from './system.ts';

export interface Entry {
  readonly title: string;
  load(): Promise<System>;
}

export const systems: Readonly<Record<string, Entry>> = {
  neurite: { title: 'Neurite cpu', load: async () => (await import('./neurite.ts')).stepping },
  'neurite-fit': { title: 'Neurite cpu, fit', load: async () => (await import('./neurite.ts')).fitting },
  tfjs: { title: 'TensorFlow.js cpu', load: async () => (await import('./tfjs.ts')).tfjs },
  convnetjs: { title: 'ConvNetJS', load: async () => (await import('./convnetjs.ts')).convnetjs },
};

/** The one that the others are compared with. */
export const yardstick = 'neurite';
