import { expect, it } from 'vitest';
import { presets } from '../src/spec/presets.ts';
import { unitsFrame } from '../src/training/frames.ts';
import { Run } from '../src/training/run.ts';

for (const { id, spec, steps, claim } of presets) {
  it(`${id} comes to what its story says`, async () => {
    const run = await Run.start({ spec, changes: [], steps: 0 });
    await run.advance(steps);
    const { score } = await run.scores();
    const { layers } = await unitsFrame(run);
    run.release();
    const { least = 0, most = 1, dead = 0, saturated = 0 } = claim;
    expect(score).toBeGreaterThanOrEqual(least);
    expect(score).toBeLessThanOrEqual(most);
    const count = (shares: 'dead' | 'saturated', limit: number): number =>
      layers.flatMap((layer) => [...(layer[shares] ?? [])]).filter((share) => share >= limit).length;
    expect(count('dead', 1)).toBeGreaterThanOrEqual(dead);
    expect(count('saturated', 0.9)).toBeGreaterThanOrEqual(saturated);
  });
}
