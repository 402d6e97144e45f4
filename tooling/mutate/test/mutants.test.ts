// What is tried on a source, and what is left alone.
import { expect, test } from 'vitest';
import { guardLoops, mutantsOf } from '../src/mutants.ts';

/** Each mutant as the text that it makes. */
const madeOf = (text: string): string[] =>
  mutantsOf('file.ts', text).map(
    ({ start, end, becomes }) => text.slice(0, start) + becomes + text.slice(end),
  );

test.each([
  ['a + b', ['a - b']],
  ['a < b', ['a <= b', 'a > b']],
  ['a === b', ['a !== b']],
  ['a ?? b', ['a', 'b']],
  ['a ? b : c', ['(b)', '(c)']],
  ['-a', ['a']],
  ['i++', ['i--']],
  ['a -= b', ['a += b']],
  ['a?.b', ['a.b']],
  ['5', ['6', '4']],
  ['0', ['1', '(-1)']],
  ['0.5', ['0.55', '(-0.5)']],
  ['true', ['false']],
  ["f('name', a)", ["f('name!', a)"]],
  ['x.add(y)', ['x', 'x.sub(y)']],
  ['x.exp()', ['x']],
  ['x.less(y)', ['x', 'x.lessEqual(y)', 'x.greater(y)']],
  ['m.select(a, b)', ['m.select(b, a)']],
  ['Math.log(a)', ['a']],
  ['mean(x)', ['x']],
  ['heNormal()', ['undefined']],
  ['option.positive(a)', ['option.number(a)', 'option.nonNegative(a)']],
  ['({ ...a })', ['({ ...{} })']],
])('%s', (text, made) => {
  expect(madeOf(text)).toEqual(made);
});

test('if and while go either way', () => {
  expect(madeOf('if (a) b;')).toEqual(['if (true) b;', 'if (false) b;']);
});

test('types, imports, keys and words for people are left alone', () => {
  const quiet = `import { a } from './a.ts';
    export { b } from './b.ts';
    export * from './c.ts';
    type T = 'x' | 5;
    const c = d as Record<'y', 6>;
    const e = { 'key': f, g: 'a list of names' };
    throw new NeuriteError('shape', \`\${g + 1} is wrong\`);`;
  expect(madeOf(quiet)).toEqual([]);
});

test('a mutant knows where it is, beside letters of any script', () => {
  const [mutant] = mutantsOf('file.ts', '/** σ² 𝛼 */\nconst π = a +\n  b;');
  expect(mutant).toMatchObject({ line: 2, column: 13, was: '+', becomes: '-' });
});

test('loops are guarded, with and without a block, one in another', () => {
  const guarded = guardLoops('file.ts', 'while (a) { for (const b of c) d(b); }', 'tick');
  expect(guarded).toBe('while (a) { tick(); for (const b of c) { tick(); d(b); } }');
});

test('what cannot be read is an error', () => {
  expect(() => mutantsOf('file.ts', 'const = 3')).toThrow('file.ts: ');
});
