import { backendSuite } from '@neurite/testing';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { wasm } from '../src/index.ts';
import { keepAlive, sharingBackend } from './sharingBackend.ts';

describe.each([
  ['one thread', wasm({ threads: 1 })],
  ['three threads, every kernel shared', sharingBackend(3)],
] as const)('%s', (_, backend) => {
  let release: () => void;
  beforeAll(async () => {
    release = await keepAlive(backend);
  });
  afterAll(() => release());

  for (const { name, run } of backendSuite(() => backend)) it(name, run);
});

describe('without fused multiply-add', () => {
  const backend = wasm({ threads: 1, deterministic: true });
  const products = backendSuite(() => backend).filter(({ name }) => /matrices: A · B|trains as/.test(name));
  for (const { name, run } of products) it(name, run);
});
