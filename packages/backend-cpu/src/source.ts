// The printer of JavaScript, for those who write programs to files.
export { emitProgram } from './emit.ts';
