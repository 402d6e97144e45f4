// The kinds of plugin, each with a small one to start from: it works as it stands, and its test says what it does.
export interface Template {
  /** The package that has this kind: "activations". */
  readonly package: string;
  /** Folder inside the package's src, and inside its test, with a slash at the end. */
  readonly folder?: string;
  readonly testFolder?: string;
  readonly source: string;
  readonly test: string;
}

/** The beginning of a test file: what it is about, and what it imports beside vitest. */
const head = (what: string, ...imports: readonly string[]): string =>
  [`// ${what}`, ...imports, "import { describe, expect, it } from 'vitest';", ''].join('\n');

const fromPackage = (name: string): string => `import { ${name} } from '../src/index.ts';`;

const suite = (name: string, kind: string, options: string): string => `
describe('${name}', () => {
  for (const { name, run } of ${kind}Suite(${name}, ${options})) it(name, run);
`;

const activation = (name: string): Template => ({
  package: 'activations',
  source: `import { activation } from '@neurite/core';

/** x · σ(slope · x). TODO: the formula, where it comes from (PyTorch's name, or the paper), and what its options are. \`slope\`: 1. */
export const ${name} = activation('${name}', { slope: 1 }, ({ slope }) => (x) => x.mul(x.mul(slope).sigmoid()));
`,
  test: `${head(
    'What every activation must do, and what this one computes.',
    "import { cpu } from '@neurite/backend-cpu';",
    "import { evaluate, placeholder } from '@neurite/core';",
    "import { activationSuite } from '@neurite/testing';",
    fromPackage(name),
  )}${suite(name, 'activation', '{ alternatives: { slope: [2] }, reach: 1e18, backend: cpu }')}
  it('is x · σ(slope · x)', () => {
    const y = ${name}({ slope: 2 }).apply(placeholder('x', [3], { dtype: 'float64' }));
    const [numbers] = evaluate([y], { x: [-1, 0, 2] });
    [-1, 0, 2].forEach((x, i) => {
      expect(numbers![i]).toBeCloseTo(x / (1 + Math.exp(-2 * x)), 12);
    });
  });
});
`,
});

const layer = (name: string): Template => ({
  package: 'layers',
  source: `import { filled, layer } from '@neurite/core';

/** y = x · scale, a scale for each number of an example. TODO: the formula, the shapes, where it comes from. \`initial\`: 1. */
export const ${name} = layer('${name}', { initial: 1 }, ({ initial }) => ({
  parameters: (input) => {
    const fan = input.at(-1) ?? 1;
    const initializer = filled({ value: initial });
    return { scale: { shape: input, initializer, fanIn: fan, fanOut: fan, role: 'bias' } };
  },
  apply: ({ scale }, x) => x.mul(scale),
}));
`,
  test: `${head(
    'What every layer must do, and what this one computes.',
    "import { cpu } from '@neurite/backend-cpu';",
    "import { evaluate, placeholder, type Tensor } from '@neurite/core';",
    "import { layerSuite } from '@neurite/testing';",
    fromPackage(name),
  )}${suite(name, 'layer', '{ alternatives: { initial: [3] }, inputs: [[3], [2, 4]], backend: cpu }')}
  it('multiplies each number by its scale', () => {
    const [x, scale] = [placeholder('x', [2, 2]), placeholder('scale', [2])];
    const random = (purpose: string) => ({ seed: 0, purpose });
    const y = ${name}().apply({ scale }, x, { training: true, random, state: {} }) as Tensor;
    expect([...evaluate([y], { x: [1, 2, 3, 4], scale: [10, 100] })[0]!]).toEqual([10, 200, 30, 400]);
  });
});
`,
});

const loss = (name: string): Template => ({
  package: 'losses',
  source: `import { loss, meanPerExample } from '@neurite/core';

/** scale · (x − t)⁴; the mean over an example's outputs. TODO: the formula, and where it comes from. \`scale\`: 1. */
export const ${name} = loss(
  '${name}',
  { scale: 1 },
  ({ scale }) =>
    (x, target) =>
      meanPerExample(x.sub(target).square().square().mul(scale)),
);
`,
  test: `${head(
    'What every loss must do, and what this one computes.',
    "import { cpu } from '@neurite/backend-cpu';",
    "import { evaluate, placeholder } from '@neurite/core';",
    "import { lossSuite } from '@neurite/testing';",
    fromPackage(name),
  )}${suite(name, 'loss', '{ alternatives: { scale: [2] }, fit: (target) => target, reach: 1e9, backend: cpu }')}
  it('is the mean of (x − t)⁴ over the outputs', () => {
    const [x, target] = [placeholder('x', [2, 2]), placeholder('target', [2, 2])];
    const values = { x: [1, 2, 3, 4], target: [1, 0, 3, 3] };
    expect([...evaluate([${name}().compute(x, target)], values)[0]!]).toEqual([8, 0.5]);
  });
});
`,
});

const optimizer = (name: string): Template => ({
  package: 'optimizers',
  source: `import { optimizer, option, zerosLike } from '@neurite/core';

/**
 * m ← β m + (1 − β) g; w ← w − learningRate · m. TODO: the formula, and where it comes from. \`learningRate\`: 0.01.
 * \`beta\`: 0.9.
 */
export const ${name} = optimizer('${name}', 0.01, { beta: option.fraction(0.9) }, ({ beta }) => ({
  state: (parameter) => ({ mean: zerosLike(parameter) }),
  update: ({ gradient, state }) => {
    const mean = state.mean.mul(beta).add(gradient.mul(1 - beta));
    return { direction: mean, state: { mean } };
  },
}));
`,
  test: `${head(
    'What every optimizer must do, and what this one computes.',
    "import { cpu } from '@neurite/backend-cpu';",
    "import { optimizerSuite } from '@neurite/testing';",
    fromPackage(name),
  )}
describe('${name}', () => {
  // Two steps by hand: m = 0.5, then 0.5 · 0.5 + 0.5 · 3 = 1.75.
  const trajectories = [
    { options: { learningRate: 0.1, beta: 0.5 }, start: [1], gradients: [[1], [3]], path: [[0.95], [0.775]] },
  ];
  const options = { alternatives: { beta: [0.5] }, trajectories, backend: cpu };
  for (const { name, run } of optimizerSuite(${name}, options)) it(name, run);
});
`,
});

const schedule = (name: string): Template => ({
  package: 'optimizers',
  folder: 'schedules/',
  source: `import { option, schedule } from '@neurite/core';

/** initial / √(1 + step / every). TODO: the formula, and where it comes from. \`initial\`: 0.01. \`every\`: must be given. */
export const ${name} = schedule(
  '${name}',
  { initial: option.positive(0.01), every: option.count() },
  ({ initial, every }) =>
    (step) =>
      initial / Math.sqrt(1 + step / every),
);
`,
  test: `${head('The rates that it gives.', fromPackage(name))}
describe('${name}', () => {
  it('falls with the root of the steps', () => {
    const { rate } = ${name}({ initial: 0.1, every: 10 });
    expect([0, 30, 990].map((step) => rate(step))).toEqual([0.1, 0.05, 0.01]);
  });
});
`,
});

const regularizer = (name: string): Template => ({
  package: 'regularizers',
  source: `import { option, regularizer } from '@neurite/core';

/** strength · Σ w⁴. TODO: the formula, and where it comes from. \`strength\`: 1e-4. */
export const ${name} = regularizer(
  '${name}',
  { strength: option.nonNegative(1e-4) },
  ({ strength }) =>
    (w) =>
      w.square().square().sum().mul(strength),
);
`,
  test: `${head(
    'The penalty, and its gradient against central differences.',
    "import { evaluate, placeholder } from '@neurite/core';",
    "import { checkGradient } from '@neurite/testing';",
    fromPackage(name),
  )}
describe('${name}', () => {
  it('is strength · Σ w⁴', () => {
    const penalty = ${name}({ strength: 0.5 }).penalty(placeholder('w', [2, 1]));
    expect(penalty.shape).toEqual([]);
    expect([...evaluate([penalty], { w: [1, -2] })[0]!]).toEqual([8.5]);
  });

  it('has the gradient of its central differences', () => {
    checkGradient((w) => ${name}({ strength: 0.5 }).penalty(w), [{ shape: [3, 2] }]);
  });
});
`,
});

const constraint = (name: string): Template => ({
  package: 'regularizers',
  source: `import { constraint, option } from '@neurite/core';

/** Every number is kept between −limit and limit. TODO: the formula, and where it comes from. \`limit\`: 1. */
export const ${name} = constraint(
  '${name}',
  { limit: option.positive(1) },
  ({ limit }) =>
    (w) =>
      w.minimum(limit).maximum(-limit),
);
`,
  test: `${head(
    'Where it keeps a parameter.',
    "import { evaluate, placeholder } from '@neurite/core';",
    fromPackage(name),
  )}
describe('${name}', () => {
  const project = (numbers: readonly number[]): number[] => {
    const w = placeholder('w', [numbers.length]);
    return [...evaluate([${name}({ limit: 0.5 }).project(w)], { w: numbers })[0]!];
  };

  it('keeps numbers within the limit, and changes those within it no more', () => {
    expect(project([-2, -0.25, 0, 3])).toEqual([-0.5, -0.25, 0, 0.5]);
    expect(project(project([-2, -0.25, 0, 3]))).toEqual([-0.5, -0.25, 0, 0.5]);
  });
});
`,
});

const initializer = (name: string): Template => ({
  package: 'core',
  folder: 'initializers/',
  testFolder: 'initializers/',
  source: `import { initializer } from '../plugin/initializer.ts';
import { normal } from '../tensor/random.ts';

/** Normal numbers of the deviation gain / fanIn. TODO: the formula, and where it comes from. \`gain\`: 1. */
export const ${name} = initializer(
  '${name}',
  { gain: 1 },
  ({ gain }) =>
    ({ shape, dtype, fanIn, random }) =>
      normal(shape, random, dtype).mul(gain / fanIn),
);
`,
  test: `${head('The numbers that a parameter begins with.', `import { evaluate, ${name} } from '../../src/index.ts';`)}
describe('${name}', () => {
  it('has the spread that it promises', () => {
    const random = { seed: 1, purpose: 'weight' };
    const context = { shape: [100, 100], dtype: 'float64', fanIn: 100, fanOut: 100, random } as const;
    const numbers = Array.from(evaluate([${name}({ gain: 2 }).apply(context)])[0]!);
    const meanSquare = numbers.reduce((sum, x) => sum + x * x, 0) / numbers.length;
    expect(Math.sqrt(meanSquare) / 0.02).toBeCloseTo(1, 1);
  });
});
`,
});

const metric = (name: string): Template => ({
  package: 'core',
  folder: 'metrics/',
  testFolder: 'metrics/',
  source: `import { metric } from '../plugin/metric.ts';
import { meanPerExample } from '../tensor/functions.ts';

/** Mean of (x − t)⁴ over examples and outputs. TODO: the formula, and where it comes from. */
export const ${name} = metric('${name}', {}, () => ({
  totals: (prediction, target) => ({
    sum: meanPerExample(prediction.sub(target).square().square()).sum(),
  }),
  result: ({ sum }, examples) => (sum[0] as number) / examples,
}));
`,
  test: `${head('What it comes to.', `import { evaluate, ${name}, placeholder } from '../../src/index.ts';`)}
describe('${name}', () => {
  it('is the mean of (x − t)⁴', () => {
    const [x, target] = [placeholder('x', [2, 1]), placeholder('target', [2, 1])];
    const { sum } = ${name}().totals(x, target);
    const [numbers] = evaluate([sum!], { x: [1, 2], target: [0, 4] });
    expect(${name}().result({ sum: numbers! }, 2)).toBe(8.5);
  });
});
`,
});

/** By the word that `pnpm new` takes. */
export const kinds: Readonly<Record<string, (name: string) => Template>> = {
  activation,
  layer,
  loss,
  optimizer,
  schedule,
  regularizer,
  constraint,
  initializer,
  metric,
};
