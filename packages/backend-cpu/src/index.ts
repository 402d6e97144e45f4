// A backend that computes with generated JavaScript.
export { cpu } from './backend.ts';
export type { CpuExecutable } from './executable.ts';
