// What the kernels' sources look like: nothing that one of gpu.js's modes takes otherwise than the others.
import { lower, type Program, placeholder } from '@neurite/core';
import { drawComputation } from '@neurite/testing';
import { describe, expect, it } from 'vitest';
import { geometryOf, type Limits } from '../src/geometry.ts';
import { gpu } from '../src/index.ts';
import { printKernel } from '../src/source/kernel.ts';

const { capabilities } = gpu();
const limits: Limits = { flat: false, elements: 2 ** 26, side: 8192 };

/** Sources of a program whose buffers lie in rows as long as their last axis, if they have names. */
function sourcesOf({ kernels, buffers, names }: Program, within = limits): string[] {
  const shapes = new Map(Object.values(names).map(({ buffer, shape }) => [buffer, shape]));
  return kernels.map((kernel) => {
    const geometry = (id: number) => geometryOf(shapes.get(id) ?? [buffers[id]?.length ?? 1]);
    return printKernel(kernel, geometry, within).text;
  });
}

describe('sources', () => {
  const drawn = Array.from({ length: 60 }, (_, seed) =>
    sourcesOf(lower(drawComputation(seed).computation, capabilities)),
  ).flat();

  it('are functions of seven buffers at most', () => {
    for (const text of drawn) {
      expect(text).toMatch(/^function\(.*\) \{\n[\s\S]*return \w+;\n\}$/);
      const [, parameters = ''] = text.match(/^function\((.*?)\)/) as RegExpMatchArray;
      expect(parameters.split(', ').filter((name) => name.startsWith('a')).length).toBeLessThanOrEqual(7);
    }
  });

  it('count up to literal bounds', () => {
    for (const text of drawn) {
      for (const [loop] of text.matchAll(/for \(.*/g)) {
        expect(loop).toMatch(/^for \(let (k\d+) = 0; \1 < \d+; \1\+\+\) \{$/);
      }
      expect(text).not.toMatch(/while|--/);
    }
  });

  it('use no sign behind a sign, no literal that shaders lack, no function that differs between devices', () => {
    for (const text of drawn) {
      expect(text).not.toMatch(/[-+*/] -|\b(NaN|Infinity|undefined|true|false)\b/);
      expect(text).not.toMatch(
        /Math\.(tanh|sin|cos|max|min|hypot|imul|sign|round|trunc|random)|>>|[|&^]{1}(?![|&])(?<![|&]{2})/,
      );
    }
  });

  it('find rows of large tables by row and column, folded where a texture cannot be so long', () => {
    const rows = placeholder('rows', [64], { dtype: 'int32' });
    const table = placeholder('table', [60_000, 784], { home: 'data', dtype: 'uint8' });
    const program = lower({ outputs: { y: table.gather(rows).cast('float32').div(255) } }, capabilities);
    expect(sourcesOf(program)[0]).toMatch(/= a\d\[row\d+\]\[0\]\[i1\];/);
    expect(sourcesOf(program, { ...limits, side: 2 ** 20 })[0]).toMatch(/= a\d\[row\d+\]\[i1\];/);
    expect(sourcesOf(program, { ...limits, flat: true })[0]).toMatch(/= a\d\[row\d+ \* 784 \+ i1\];/);
  });

  it('read large tables by row and column however they are viewed, and refuse what would be inexact', () => {
    const table = placeholder('table', [60_000, 784], { home: 'data' });
    const skewed = lower({ outputs: { y: table.reshape([29_400, 1600]).sum(0) } }, capabilities);
    expect(sourcesOf(skewed)[0]).toMatch(/= a0\[2 \* \w+\]\[0\]\[i0 \+ 32 \* \w+\];/);
    const rows = placeholder('rows', [64], { dtype: 'int32' });
    const turned = lower({ outputs: { y: table.transpose().gather(rows) } }, capabilities);
    expect(() => sourcesOf(turned)).toThrow(/across its rows: use a smaller data set/);
  });
});
