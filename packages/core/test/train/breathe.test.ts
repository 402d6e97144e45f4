import { afterEach, expect, it, vi } from 'vitest';
import { breathe } from '../../src/train/breathe.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

/** Whether a timer that is due gets its turn while somebody breathes. */
async function letsOthersRun(): Promise<boolean> {
  let turn = false;
  const { setTimeout } = globalThis as unknown as {
    setTimeout(callback: () => void, milliseconds: number): void;
  };
  setTimeout(() => {
    turn = true;
  }, 0);
  for (let i = 0; i < 1000 && !turn; i++) await breathe();
  return turn;
}

it('lets others have their turn, with setImmediate', async () => {
  expect(await letsOthersRun()).toBe(true);
});

it('lets others have their turn, with messages where there is no setImmediate', async () => {
  vi.stubGlobal('setImmediate', undefined);
  expect(await letsOthersRun()).toBe(true);
});

it('lets others have their turn, with timers where there is nothing else', async () => {
  vi.stubGlobal('setImmediate', undefined);
  vi.stubGlobal('MessageChannel', undefined);
  expect(await letsOthersRun()).toBe(true);
});
