import { expect, it } from 'vitest';
import { fromHash, toHash } from '../src/spec/address.ts';
import { defaultSpec } from '../src/spec/defaults.ts';
import { presets } from '../src/spec/presets.ts';
import type { Program } from '../src/spec/spec.ts';

it('holds runs with all their changes, and gives them back', () => {
  const programs: Program[] = presets.map(({ spec, steps }) => ({
    spec,
    changes: [{ at: 7, spec: { batchSize: 3, optimizer: { type: 'lion' } } }],
    steps,
  }));
  expect(fromHash(`#${toHash(programs)}`)).toEqual(programs);
});

it('is short where little differs from the default', () => {
  expect(toHash([{ spec: defaultSpec, changes: [], steps: 12_345 }]).length).toBeLessThan(60);
});

it('says that a link was cut off', () => {
  const hash = toHash([{ spec: { ...defaultSpec, seed: 5 }, changes: [], steps: 1 }]);
  expect(() => fromHash(hash.slice(0, 20))).toThrow('cut off');
  expect(() => fromHash('#anything at all')).toThrow('cut off');
});
