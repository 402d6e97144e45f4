// A backend that computes with generated WebAssembly, and what it generates, to look at.
export { wasm } from './backend.ts';
export { disassemble } from './disassemble.ts';
export { type ModuleOptions, moduleOf } from './moduleOf.ts';
