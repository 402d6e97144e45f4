import { describe, expect, it } from 'vitest';
import { classLoss, loss, placeholder, requireRank, type Tensor } from '../../src/index.ts';
import { numbersOf } from '../support/numbers.ts';
import { softmaxCrossEntropy } from '../support/plugins.ts';
import { programOf } from '../support/programs.ts';

const scores = [1, 2, 0.5, -1, 0, 3];
const prediction: [number[], number[]] = [[2, 3], scores];

describe('loss', () => {
  it('takes targets of the shape of the prediction', () => {
    const scaled = loss(
      'scaled',
      { factor: 2 },
      ({ factor }) =>
        (x, target) =>
          x.sub(target).abs().sum(1).mul(factor),
    );
    expect(scaled().targets).toBe('values');
    expect(
      numbersOf((x, t) => scaled({ factor: 3 }).compute(x, t), prediction, [
        [2, 3],
        [1, 2, 1.5, -1, 1, 1],
      ]),
    ).toEqual([3, 9]);
  });
});

describe('classLoss', () => {
  const seen: string[] = [];
  const plain = classLoss('plain', {}, () => (x, target, total) => {
    seen.push(`${target.shape} ${target.dtype} ${total.shape}`);
    return target
      .mul(x)
      .sum(1)
      .div(total.reshape([-1]));
  });

  it('gets class numbers as ones and zeros, whose total is 1', () => {
    const each = numbersOf((x, t) => plain().compute(x, t), prediction, [[2], [1, 2], 'int32']);
    expect(each).toEqual([2, 3]);
    expect(seen.at(-1)).toBe('2,3 float64 2,1');
  });

  it('gets targets that are values as they are, and their sums', () => {
    const each = numbersOf((x, t) => plain().compute(x, t), prediction, [
      [2, 3],
      [0, 2, 2, 1, 0, 1],
    ]);
    expect(each).toEqual([(4 + 1) / 4, (-1 + 3) / 2]);
    expect(plain().targets).toBe('classes or values');
  });

  it('needs no sum over targets that are class numbers', () => {
    const logits = placeholder('logits', [2, 3]);
    const reductions = (target: Tensor): number =>
      programOf({ outputs: { each: softmaxCrossEntropy().compute(logits, target) } }).kernels.filter(
        ({ kind }) => kind === 'reduce',
      ).length;
    // The maximum, the sum of exponentials, the chosen logit — and the sum of targets.
    expect(reductions(placeholder('classes', [2], { dtype: 'int32' }))).toBe(3);
    expect(reductions(placeholder('values', [2, 3]))).toBe(4);
  });
});

describe('requireRank', () => {
  it('names what was wanted, what came, and the mend', () => {
    expect(() => requireRank([4], 1, 'flatten it')).not.toThrow();
    expect(() => requireRank([4, 4], 1, 'flatten it')).toThrow(
      /^takes \[batch, n\], but got \[batch, 4, 4\]: flatten it$/,
    );
    expect(() => requireRank([4], 2, 'reshape it')).toThrow(
      /^takes \[batch, n, n\], but got \[batch, 4\]: reshape it$/,
    );
  });
});
