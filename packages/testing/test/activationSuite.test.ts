// The judge of activations is judged: what is right passes, and each fault is noticed where it should be.
import { cpu } from '@neurite/backend-cpu';
import { activation, option, softmax, uniform } from '@neurite/core';
import { describe, expect, it } from 'vitest';
import { activationSuite, type SuiteCase } from '../src/index.ts';
import { failuresOf } from './failures.ts';

const leaky = activation(
  'leaky',
  { slope: option.positive(0.1), mirrored: false },
  ({ slope, mirrored }) =>
    (x) => {
      const y = x.greater(0).select(x, x.mul(slope));
      return mirrored ? y.neg() : y;
    },
);
const rows = activation('rows', (x) => softmax(x));

describe('what is right passes', () => {
  const suites = [
    ...activationSuite(leaky, {
      alternatives: { slope: [0.5, 1] },
      kinks: ({ slope }) => (slope === 1 ? [] : [0]),
      refused: { slope: [0, 'steep'], mirrored: [0] },
      backend: cpu,
    }),
    ...activationSuite(rows, { along: 'rows', backend: () => cpu({ codeGeneration: 'never' }) }),
    ...activationSuite(
      activation('cube', (x) => x.mul(x.square())),
      { reach: 1e12, range: [-2, 2] },
    ),
    ...activationSuite(
      activation('hiding', (x) => x.maximum(0)),
      { kinks: [0] },
    ),
    ...activationSuite(
      activation('deaf', (x) => x.equal(x).select(x, 0)),
      { hidesNaN: true },
    ),
  ];
  for (const { name, run } of suites) it(name, run);
});

const squared = activation('squared', (x) => x.square());

/** What is wrong, the suite of it, and where that must be noticed, and nowhere else. */
const faults: Record<string, [cases: SuiteCase[], where: RegExp]> = {
  'a derivative that misses a detached part': [
    activationSuite(activation('detached', (x) => x.mul(x.sigmoid().stopGradient()))),
    /^detached\(\) has the gradient of its central differences: the gradient is wrong/,
  ],
  'a derivative that is wrong in one place': [
    activationSuite(activation('torn', (x) => x.greater(6.5).select(x.stopGradient(), x))),
    /^torn\(\) has the gradient of its central differences/,
  ],
  'a slope at a kink that neither side has': [
    activationSuite(
      activation('spike', (x) => x.equal(0).select(x.mul(5), x.abs())),
      { kinks: [0] },
    ),
    /^spike\(\) has a slope between those of both sides at each kink: at 0 the slope is 5, beside it -1 and 1/,
  ],
  'infinity far out': [
    activationSuite(squared),
    /^squared\(\) and its slope are finite up to ±1e\+30: y is Infinity at x = 1e\+30, in float32/,
  ],
  'NaN as a slope where the value is finite': [
    activationSuite(
      activation('root', (x) => x.square().sqrt()),
      { reach: 1e4 },
    ),
    /^root\(\) and its slope are finite up to ±10000: dy\/dx is NaN at x = -?0, in float32/,
  ],
  'rows that are taken for elements': [
    activationSuite(rows),
    /^rows\(\) works on each number by itself: .* if it works along the last axis, say along: 'rows'/,
  ],
  'rows that depend on each other': [
    activationSuite(
      activation('centred', (x) => x.sub(x.mean(0).stopGradient())),
      { along: 'rows' },
    ),
    /^centred\(\) (works on each row by itself|has the gradient|keeps shape)/,
  ],
  'another shape': [activationSuite(activation('flat', (x) => x.reshape([-1]))), /^flat\(\)/],
  'another dtype': [activationSuite(activation('single', (x) => x.cast('float32'))), /^single\(\)/],
  'NaN that is hidden': [
    activationSuite(activation('deaf', (x) => x.greater(0).select(x, 0))),
    /^deaf\(\) lets NaN through, so that the loss shows it: NaN becomes 0/,
  ],
  'a dead option': [
    activationSuite(
      activation('dead', { slope: 0.1 }, () => (x) => x.greater(0).select(x, x.mul(0.1))),
      { alternatives: { slope: [0.5] } },
    ),
    /^dead: the option slope makes a difference: dead\({ slope: 0.5 }\) computes what dead\(\) computes/,
  ],
  'a dead choice, without being told of others': [
    activationSuite(
      activation('undecided', { form: option.choice('a', ['a', 'b']), flag: true }, () => (x) => x),
    ),
    /^undecided: the option (form|flag) makes a difference: undecided\({ (form: "b"|flag: false) }\) computes/,
  ],
  'an option of which no other value is known': [
    activationSuite(leaky),
    /^leaky: the option slope makes a difference: the suite needs another value.* give alternatives: { slope: \[a number above 0\] }/,
  ],
  'an option that works only as it is by default': [
    activationSuite(
      activation(
        'fragile',
        { slope: 0.1 },
        ({ slope }) =>
          (x) =>
            slope === 0.1 ? x : x.mul(x.sigmoid().stopGradient()),
      ),
      { alternatives: { slope: [0.5] } },
    ),
    /^fragile\({ slope: 0.5 }\) has the gradient/,
  ],
  'a value that is accepted and should not be': [
    activationSuite(leaky, { alternatives: { slope: [0.5] }, refused: { slope: [2] } }),
    /^leaky: slope must not be 2: it is accepted/,
  ],
  'a refusal with an error of another kind': [
    activationSuite(
      activation('rude', { slope: 0.1 }, ({ slope }) => {
        if (slope > 1) throw new RangeError('no');
        return (x) => x.mul(slope);
      }),
      { alternatives: { slope: [0.5] }, refused: { slope: [2] } },
    ),
    /^rude: slope must not be 2: it must throw a NeuriteError 'option', but threw RangeError: no/,
  ],
  'an option that does not survive as JSON': [
    activationSuite(
      activation(
        'endless',
        { most: { ...option.number(1), accepts: (value) => typeof value === 'number' } },
        ({ most }) =>
          (x) =>
            x.mul(0.5).greater(most).select(most, x),
      ),
      { alternatives: { most: [Number.POSITIVE_INFINITY, -1] }, kinks: [], hidesNaN: true, reach: 1 },
    ),
    /^endless\({ most: null }\) comes back from data/,
  ],
  'chance that is not the generator’s': [
    activationSuite(activation('dice', (x) => x.mul(Math.random()))),
    /^dice\(\) (is the same each time it is made|comes back from data|works on each number)/,
  ],
  'memory of what it was applied to': [
    activationSuite(
      activation('counting', {}, () => {
        let calls = 0;
        return (x) => x.mul(++calls);
      }),
    ),
    /^counting\(\) (works on each number|is the same each time it is made: what it computes the second time)/,
  ],
};

describe('the suite notices', () => {
  it.each(Object.entries(faults))('%s', async (_, [cases, where]) => {
    const failures = await failuresOf(cases);
    expect(failures).not.toEqual([]);
    for (const failure of failures) expect(failure).toMatch(where);
  });

  it('a backend that computes something else', async () => {
    const noisy = activation('noisy', (x) => x.add(uniform(x.shape, { seed: 1, purpose: 'noise' }, x.dtype)));
    // A backend to which a random number is another one.
    const other = cpu();
    const backend = () => ({
      ...other,
      compile: (program: Parameters<typeof other.compile>[0]) =>
        other.compile(JSON.parse(JSON.stringify(program).replace(/"stream":\[[^\]]*\]/g, '"stream":[1,2]'))),
    });
    const failures = await failuresOf(activationSuite(noisy, { backend }));
    expect(failures.join('\n')).toMatch(
      /noisy\(\) is computed by the backend as by the oracle: y in float32: element/,
    );
  });
});
