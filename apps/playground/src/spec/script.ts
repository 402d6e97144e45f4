// A run as a script that trains the same network with the published packages.

import { make } from '../plugins.ts';
import { chainOf, examplesOf, scoreOf, sidesOf } from './assemble.ts';
import { side } from './points.ts';
import { latestSpec, type Program } from './spec.ts';

const packages = [
  'core',
  'activations',
  'backend-cpu',
  'backend-gpu',
  'backend-wasm',
  'layers',
  'losses',
  'optimizers',
  'regularizers',
] as const;

/** JavaScript for Node 20 or newer, or a bundler. */
export function toScript(program: Program): string {
  const spec = latestSpec(program);
  const { all, rows, test } = sidesOf(spec);
  const loss = make('loss', spec.loss);
  const training = examplesOf(side(all, false), loss);
  const stepsPerEpoch = Math.ceil(rows / Math.min(spec.batchSize, rows));
  const epochs = Math.max(1, Math.round(program.steps / stepsPerEpoch));
  const whole = epochs * stepsPerEpoch === program.steps;
  const recipe = {
    ...chainOf(spec, all),
    loss: spec.loss,
    optimizer: spec.optimizer,
    backend: spec.backend,
    ...(spec.regularizer && { regularizer: spec.regularizer }),
    metrics: [scoreOf(all)],
    seed: spec.seed,
  };
  const names = packages.filter(
    (name) => !name.startsWith('backend-') || name === `backend-${spec.backend.type}`,
  );
  const others = names.filter((name) => name !== 'core');
  const lines = [
    `// npm install ${names.map((name) => `@neurite/${name}`).join(' ')}`,
    `// ${noteOn(program, whole, epochs * stepsPerEpoch)}`,
    `import * as core from '@neurite/core';`,
    ...others.map((name) => `import * as ${variable(name)} from '@neurite/${name}';`),
    '',
    `const neurite = core.registry().use(core, ${others.map(variable).join(', ')});`,
    '',
    `const trainer = await neurite.train(${JSON.stringify(recipe, null, 2)});`,
    '',
    `const training = ${dataText(training)};`,
    ...(test ? [`const test = ${dataText(test as typeof training)};`] : []),
    '',
    `await trainer.fit(training, { epochs: ${epochs}, batchSize: ${Math.min(spec.batchSize, rows)} });`,
    `console.log('training', await trainer.evaluate(training));`,
    ...(test ? [`console.log('test', await trainer.evaluate(test));`] : []),
    `trainer.release();`,
  ];
  return `${lines.join('\n')}\n`;
}

function noteOn({ changes, steps }: Program, whole: boolean, made: number): string {
  if (changes.length > 0)
    return `The run was changed at step ${changes.map(({ at }) => at).join(', ')}: this trains with what held at its end from the beginning.`;
  return whole
    ? `The ${steps} steps of the run.`
    : `The ${steps} steps of the run, rounded to whole epochs: ${made}.`;
}

const variable = (name: string): string =>
  name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

interface Examples {
  readonly inputs: Float32Array;
  readonly targets: ArrayLike<number> & { readonly constructor: { readonly name: string } };
}

function dataText({ inputs, targets }: Examples): string {
  const list = (values: ArrayLike<number>): string =>
    Array.from(values, (value) => Number(value.toPrecision(9))).join(', ');
  return `{
  inputs: Float32Array.from([${list(inputs)}]),
  targets: ${targets.constructor.name}.from([${list(targets)}]),
}`;
}
