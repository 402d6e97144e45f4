// Programs on the GPU.
export { gpu } from './backend.ts';
