// Functions that kernels call and JavaScript lacks, or has in a slower form than float32 results need. As text: they are
// part of the emitted program.
import { generatorTable } from '@neurite/core/program';

/**
 * With x = k ln 2 + r, |r| ≤ ln 2 / 2: exp(x) = 2ᵏ exp(r), and exp(r) − 1 by its Taylor series up to r⁹. Relative error below
 * 10⁻¹¹; in V8, Math.exp takes 1.6 times as long and Math.tanh 2.3 times.
 */
const reduced = `
const k = x * ${Math.LOG2E} + 6755399441055744 - 6755399441055744;
const r = x - k * 0.6931471803691238 - k * 1.9082149292705877e-10;
const square = r * r;
const rest = r + square * (${1 / 2} + r * ${1 / 6} + square * (${1 / 24} + r * ${1 / 120} + square * (${1 / 720} + r * ${1 / 5040} + square * (${1 / 40320} + r * ${1 / 362880}))));
const power = powers[k + 1023];`;

const sources: Readonly<Record<string, () => string>> = {
  powers: () => 'const powers = Float64Array.from({ length: 2047 }, (_, i) => 2 ** (i - 1023));',
  exp: () =>
    `function exp(x) {\nif (!(x > -708 && x < 709)) return Math.exp(x);${reduced}\nreturn power + power * rest;\n}`,
  // (exp(2x) − 1) / (exp(2x) + 1), exact near 0
  tanh: () =>
    `function tanh(half) {\nif (!(half > -20 && half < 20)) return Math.tanh(half);\nconst x = half + half;${reduced}\nconst less = (power - 1) + power * rest;\nreturn less / (less + 2);\n}`,
  draw,
};

/** core's `encrypt` with its loop written out, a quarter faster. */
function draw(): string {
  const { half, divisor, rounds } = generatorTable;
  const bits = Math.log2(half);
  const steps = Array.from({ length: rounds }, (_, i) => {
    const [left, right] = [i === 0 ? 'high' : `h${i - 1}`, `h${i}`];
    return `const h${i + 1} = (${left} + (${right} * (${right} + 1) >> ${Math.log2(divisor)}) + keys[${i}]) & ${half - 1};`;
  });
  return [
    'function draw(keys, element) {',
    `const high = element >> ${bits}, h0 = element & ${half - 1};`,
    ...steps,
    `return ((h${rounds - 1} + high & ${half - 1}) << ${bits}) + (h${rounds} + h0 & ${half - 1});`,
    '}',
  ].join('\n');
}

/** Those functions that `source` calls. */
export function printFunctions(source: string): string[] {
  const called = Object.keys(sources).filter((name) => new RegExp(`(?<![.\\w])${name}\\(`).test(source));
  if (called.includes('exp') || called.includes('tanh')) called.unshift('powers');
  return called.map((name) => sources[name]?.() ?? '');
}
