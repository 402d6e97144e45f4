// Stories that a run tells, in a sentence each, with what it comes to.
import { defaultData, defaultSpec } from './defaults.ts';
import type { DataSpec, OwnPoint, Program, RunSpec } from './spec.ts';

export interface Preset {
  readonly id: string;
  readonly title: string;
  /** What there is to see, in a sentence. */
  readonly story: string;
  readonly spec: RunSpec;
  /** The run beside it, where the story is a comparison. */
  readonly beside?: RunSpec;
  readonly steps: number;
  /** What it comes to after `steps`. */
  readonly claim: {
    /** What share of the training points is right, or of the variance explained: at least, or at most. */
    readonly least?: number;
    readonly most?: number;
    /** How many units are dead or saturated, at least. */
    readonly dead?: number;
    readonly saturated?: number;
  };
}

const data = (part: Partial<DataSpec>): DataSpec => ({ ...defaultData, ...part });

const run = (part: Partial<RunSpec>): RunSpec => ({ ...defaultSpec, ...part });

const hidden = (units: number, activation: string) => ({
  type: 'dense',
  units,
  activation: { type: activation },
});

/** Two classes that reach into each other: what the course draws its pictures of capacity with. */
const mingled = data({ set: 'moons', noise: 0.28, examples: 120, testShare: 0.4, seed: 3 });

const capacity = (units: number, least: number): Preset => ({
  id: `units-${units}`,
  title: `${units} hidden units`,
  story:
    units === 3
      ? 'Three hidden units bend the border in three places and no more: whatever is left over is taken for noise.'
      : units === 6
        ? 'Six units follow the data closer than three; a border is made of as many pieces as there are units.'
        : 'Twenty units can wrap single points: every training point counts, and the test says whether that was learned or remembered.',
  spec: run({
    data: mingled,
    layers: [hidden(units, 'relu')],
    optimizer: { type: 'adam', learningRate: 0.02 },
  }),
  steps: 3000,
  claim: { least },
});

const regularized = (strength: number, story: string, least: number): Preset => ({
  id: `l2-${strength}`,
  title: `λ = ${strength}`,
  story,
  spec: run({
    data: mingled,
    layers: [hidden(20, 'relu')],
    optimizer: { type: 'adam', learningRate: 0.02 },
    regularizer: { type: 'l2', strength },
  }),
  steps: 3000,
  claim: { least },
});

/** Points of the wrong class amid the others. */
const outliers: readonly OwnPoint[] = [
  [-0.6, 0.7, 1],
  [0.1, 0.95, 1],
  [0.75, 0.6, 1],
  [0.5, -0.35, 0],
  [1.2, -0.5, 0],
  [1.75, 0.1, 0],
];

export const presets: readonly Preset[] = [
  {
    id: 'spiral',
    title: 'Two spirals',
    story:
      'Two arms that wind around each other: two layers of eight units unroll them, and the warped grid shows how.',
    spec: defaultSpec,
    steps: 4000,
    claim: { least: 0.97 },
  },
  capacity(3, 0.9),
  capacity(6, 0.9),
  capacity(20, 0.94),
  regularized(
    0.001,
    'A weak penalty on the weights leaves twenty units almost free: the border still chases single points.',
    0.94,
  ),
  regularized(
    0.01,
    'Ten times the penalty, and the same twenty units draw a calmer border: capacity is held back without taking units away.',
    0.88,
  ),
  regularized(
    0.1,
    'With a strong penalty twenty units draw nearly a straight line: too much of it, and the data are hardly heard.',
    0.75,
  ),
  {
    id: 'linear',
    title: 'No non-linearity',
    story:
      'However many layers: without a non-linearity between them they are one matrix, and the border is a straight line; beside it the same network with tanh.',
    spec: run({
      data: data({ set: 'circle', testShare: 0.3 }),
      layers: [hidden(8, 'identity'), hidden(8, 'identity')],
    }),
    beside: run({ data: data({ set: 'circle', testShare: 0.3 }) }),
    steps: 1500,
    claim: { most: 0.7 },
  },
  {
    id: 'dead-relus',
    title: 'Dead ReLUs',
    story:
      'A learning rate far too high throws units to where no point activates them: their gradient is 0 and they never come back, which the red frames show.',
    spec: run({
      data: data({ set: 'circle', testShare: 0.3 }),
      layers: [hidden(12, 'relu'), hidden(12, 'relu')],
      optimizer: { type: 'sgd', learningRate: 4 },
    }),
    steps: 300,
    claim: { most: 0.8, dead: 15 },
  },
  {
    id: 'saturated',
    title: 'Saturated sigmoids',
    story:
      'Initial weights that are far too large push sigmoids to their flat ends, where hardly any gradient flows; the amber frames show them, and the loss stands almost still.',
    spec: run({
      data: data({ set: 'circle', testShare: 0.3 }),
      layers: [
        { ...hidden(8, 'sigmoid'), initializer: { type: 'randomNormal', standardDeviation: 30 } },
        { ...hidden(8, 'sigmoid'), initializer: { type: 'randomNormal', standardDeviation: 30 } },
      ],
      optimizer: { type: 'sgd', learningRate: 0.1 },
    }),
    steps: 1500,
    claim: { most: 0.8, saturated: 6 },
  },
  {
    id: 'outliers',
    title: 'Outliers',
    story:
      'Six points on the wrong side: a free network makes an island for each of them, the one beside it, held by a penalty, lets them be wrong.',
    spec: run({
      data: data({ set: 'moons', noise: 0.12, examples: 160, testShare: 0.3, points: outliers }),
      layers: [hidden(30, 'tanh'), hidden(30, 'tanh')],
      optimizer: { type: 'adam', learningRate: 0.02 },
    }),
    beside: run({
      data: data({ set: 'moons', noise: 0.12, examples: 160, testShare: 0.3, points: outliers }),
      layers: [hidden(30, 'tanh'), hidden(30, 'tanh')],
      optimizer: { type: 'adam', learningRate: 0.02 },
      regularizer: { type: 'l2', strength: 0.01 },
    }),
    steps: 4000,
    claim: { least: 0.95 },
  },
  {
    id: 'sine',
    title: 'Fitting a curve',
    story:
      'For one input the network is a curve, and the curve is a sum of its units: each thin line is one of them.',
    spec: run({
      data: data({ set: 'sineCurve', noise: 0.1, examples: 100 }),
      layers: [hidden(6, 'tanh')],
      loss: { type: 'meanSquaredError' },
    }),
    steps: 3000,
    claim: { least: 0.95 },
  },
];

/** The programs that a preset opens: at step 0, to be played. */
export const programsOf = ({ spec, beside }: Preset): Program[] =>
  [spec, beside].flatMap((each) => (each ? [{ spec: each, changes: [], steps: 0 }] : []));
