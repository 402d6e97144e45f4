// Every claim of the book: its facts hold with the seed that the page shows, and would be refused if they did not.
import { describe, expect, test } from 'vitest';
import { chapters } from '../src/chapters.ts';

const claims = chapters.flatMap((chapter) => chapter.claims);

test('there are the 55 claims of the notes, each once, in order', () => {
  expect(claims.map(({ claim }) => claim.number)).toEqual(Array.from({ length: 55 }, (_, i) => i + 1));
});

describe.each(chapters)('$title', ({ claims }) => {
  test.each(claims)('$claim.number $id', async ({ claim }) => {
    const { run, refuted, lost } = await claim.trial();
    const asserted = run.facts.filter(({ holds }) => holds !== undefined);
    expect(asserted.length).toBeGreaterThan(0);
    expect(asserted.filter(({ holds }) => !holds)).toEqual([]);
    expect(run.figure).toMatch(/^<(svg|div|table)/);
    expect(run.figure).not.toMatch(/NaN|undefined|Infinity/);
    // The other way round: a result that contradicts the claim, and one that says nothing at all.
    expect(refuted.some(({ holds }) => holds === false)).toBe(true);
    expect(lost.filter(({ holds }) => holds === true)).toEqual([]);
  });
});
