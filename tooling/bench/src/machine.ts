// The machine that the figures are from.
import { availableParallelism, cpus, loadavg } from 'node:os';

/** Such as "AMD EPYC, 2 cores, Node 26.10.0". */
export const machine = (): string =>
  `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${availableParallelism()} cores, Node ${process.versions.node}`;

/** What the machine was doing in the last minute, in cores. */
export const load = (): number => loadavg()[0] as number;

/** What Neurite's wasm backend takes by default. */
export const threadsByDefault = Math.min(8, availableParallelism());
