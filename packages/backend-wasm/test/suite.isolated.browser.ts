import { backendSuite } from '@neurite/testing';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { keepAlive, sharingBackend } from './sharingBackend.ts';

describe('in Chromium, on two threads that share every kernel', () => {
  const backend = sharingBackend(2);
  let release: () => void;
  beforeAll(async () => {
    release = await keepAlive(backend);
  });
  afterAll(() => release());

  for (const { name, run } of backendSuite(() => backend)) it(name, run);
});
