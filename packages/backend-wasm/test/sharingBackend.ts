// The backend with every kernel shared by all threads, however small: rests of shares are where mistakes would be.
import { type Backend, lower, placeholder } from '@neurite/core';
import { backend, option } from '@neurite/core/program';
import { onEngine } from '../src/backend.ts';

const make = backend(
  'wasm',
  { threads: option.number(1, { minimum: 1, whole: true }), deterministic: false },
  (options) => onEngine({ ...options, megabytes: 512, worthSharing: 1 }),
);

export const sharingBackend = (threads: number, deterministic = false): Backend =>
  make({ threads, deterministic });

/** Keeps a backend's threads alive between its programs; they take longer to start than a test takes. */
export async function keepAlive(backend: Backend): Promise<() => void> {
  const x = placeholder('x', [64]);
  const executable = await backend.compile(lower({ outputs: { y: x.add(1) } }, backend.capabilities));
  return () => executable.release();
}
