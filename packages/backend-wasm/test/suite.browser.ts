import { backendSuite } from '@neurite/testing';
import { describe, it } from 'vitest';
import { wasm } from '../src/index.ts';

describe('in Chromium, on one thread', () => {
  for (const { name, run } of backendSuite(() => wasm({ threads: 1 }))) it(name, run);
});
