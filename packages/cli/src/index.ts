// The door for programs: the command line as a function. The program itself is main.ts.
export { neurite } from './neurite.ts';
export type { Output, Surroundings } from './surroundings.ts';
