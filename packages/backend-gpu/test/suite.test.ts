import { backendSuite } from '@neurite/testing';
import { describe, expect, it } from 'vitest';
import { gpu } from '../src/index.ts';

describe.each([
  ['cpu', 'JavaScript by gpu.js'],
  ['webasm', 'WebAssembly by gpu.js'],
] as const)('in Node, %s', (mode, name) => {
  const backend = gpu({ mode });
  for (const { name: what, run } of backendSuite(() => backend)) it(what, run);

  it('is what ran', () => {
    expect(backend.report()).toEqual({ mode: name, notes: [] });
  });
});
