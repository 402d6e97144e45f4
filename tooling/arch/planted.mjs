// What the boundary rules must let through, and faults that they must find: each fault in a file of its own.

const core = 'packages/core/src';

/** One file with one import, and the rule that must find it there. */
const fault = (rule, at, from, text = `export { door } from '${from}';\n`) => ({
  rule,
  at,
  files: { [at]: text },
});

const door = `export { door } from './clean.ts';
export * from '../plugin/backend.ts';
export * as lower from './lower.ts';
export type { door as T } from '../plugin/layer.ts';
`;

/** Sources without a fault, one or more for each thing that is allowed. */
export const allowed = {
  [`${core}/errors.ts`]: 'export const door = 1;\n',
  [`${core}/attic/clean.ts`]: 'export const door = 1;\n',
  [`${core}/scalar/pure.ts`]: 'export const door = 1;\n',
  [`${core}/scalar/clean.ts`]: "export { door } from '../errors.ts';\n",
  [`${core}/tensor/clean.ts`]: "export { door } from '../scalar/clean.ts';\n",
  [`${core}/program/clean.ts`]: "export { door } from '../scalar/clean.ts';\n",
  [`${core}/program/lower.ts`]: "export { door } from '../tensor/clean.ts';\n",
  [`${core}/plugin/backend.ts`]:
    "import type { door as T } from '../plugin/layer.ts';\nexport const door: typeof T = 1;\n",
  [`${core}/plugin/layer.ts`]:
    "import type { door as T } from './backend.ts';\nexport { door } from '../tensor/clean.ts';\nexport type { T };\n",
  [`${core}/initializers/clean.ts`]: "export { door } from '../plugin/layer.ts';\n",
  [`${core}/metrics/clean.ts`]: "export { door } from '../plugin/layer.ts';\n",
  [`${core}/network/clean.ts`]: "export { door } from '../plugin/layer.ts';\n",
  [`${core}/train/clean.ts`]:
    "export { door } from '../network/clean.ts';\nexport * as lower from '../program/lower.ts';\n",
  [`${core}/index.ts`]: "export { door } from './train/clean.ts';\n",
  'packages/backend-cpu/src/clean.ts': "export { door } from '@neurite/core/program';\n",
  'packages/layers/src/clean.ts': "export { door } from '@neurite/core';\n",
  'packages/testing/src/clean.ts':
    "export { door } from '@neurite/core';\nexport * as program from '@neurite/core/program';\nexport * as outsider from 'outsider';\n",
  'packages/datasets/src/clean.ts':
    "import type { door } from '@neurite/core';\nexport type T = typeof door;\n",
  'packages/datasets/src/node/mnist.ts':
    "import { readFileSync } from 'node:fs';\nimport 'outsider';\nexport const door = readFileSync;\n",
  'packages/checkpoint/src/clean.ts': "export { door } from '@neurite/core';\n",
  'packages/checkpoint/src/node.ts':
    "import { readFileSync } from 'node:fs';\nimport './clean.ts';\nexport const door = readFileSync;\n",
  'packages/backend-cpu/src/source.ts': "export { door } from './clean.ts';\n",
  'packages/convert/src/module.ts':
    "export { door } from '@neurite/core';\nexport * as source from '@neurite/backend-cpu/source';\n",
  'packages/convert/src/pytorch.ts': "export { door } from '@neurite/checkpoint';\n",
  'apps/classify-images/src/convert.ts': "export { door } from '@neurite/convert/module';\n",
  'apps/classify-images/src/checkpoint.ts': "export { door } from '@neurite/checkpoint/node';\n",
  'packages/cli/src/clean.ts':
    "export { door } from '@neurite/checkpoint/node';\nexport { door as layer } from '@neurite/layers';\nimport 'outsider';\n",
  'apps/classify-images/src/clean.ts':
    "export { door } from '@neurite/layers';\nexport { door as mnist } from '@neurite/datasets/mnist';\n",
};

export const forbidden = [
  // A circle is reported once, at the first of its files.
  {
    rule: 'no-circular',
    at: `${core}/train/left.ts`,
    files: {
      [`${core}/train/left.ts`]: "export { door } from './right.ts';\n",
      [`${core}/train/right.ts`]: "export * from './left.ts';\nexport const door = 1;\n",
    },
  },
  fault('resolvable', 'packages/core/test/missing.ts', '@neurite/nowhere'),

  fault('core-errors', `${core}/errors.ts`, './scalar/pure.ts'),
  fault('core-scalar', `${core}/scalar/fault.ts`, '../tensor/clean.ts'),
  fault('core-tensor', `${core}/tensor/fault.ts`, '../program/clean.ts'),
  fault('core-tensor', `${core}/tensor/types.ts`, '', "export type { door } from '../plugin/layer.ts';\n"),
  // The door's two faults lie behind each other: what it may not name, and what it may not reach through a file that it may name.
  fault('core-program-door', `${core}/program/index.ts`, '', door),
  fault('core-program-reach', `${core}/program/index.ts`, '', door),
  fault('core-program', `${core}/program/fault.ts`, '../plugin/backend.ts'),
  fault('core-plugin', `${core}/plugin/fault.ts`, '../network/clean.ts'),
  fault('core-initializers', `${core}/initializers/fault.ts`, '../network/clean.ts'),
  fault('core-metrics', `${core}/metrics/fault.ts`, '../train/clean.ts'),
  fault('core-rooms', `${core}/attic/fault.ts`, '../tensor/clean.ts'),
  fault('core-network', `${core}/network/fault.ts`, '../train/clean.ts'),
  fault('core-network', `${core}/network/own-door.ts`, '../index.ts'),
  fault('core-train', `${core}/train/fault.ts`, '../attic/clean.ts'),
  fault('core-callbacks', `${core}/callbacks/fault.ts`, '../index.ts'),
  fault('core-inspect', `${core}/inspect/fault.ts`, '../index.ts'),
  fault('core-outside', `${core}/train/node.ts`, '', "export { readFileSync } from 'node:fs';\n"),
  fault('core-outside', `${core}/train/npm.ts`, 'outsider'),
  fault('core-outside', `${core}/train/package.ts`, '@neurite/losses'),

  fault('family', 'packages/layers/src/sideways.ts', '@neurite/activations'),
  fault('family', 'packages/losses/src/node.ts', '', "export { readFileSync } from 'node:fs';\n"),
  fault('family', 'packages/optimizers/src/npm.ts', 'outsider'),
  fault('family', 'packages/regularizers/src/program.ts', '@neurite/core/program'),
  fault('backend', 'packages/backend-cpu/src/core.ts', '@neurite/core'),
  fault('backend', 'packages/backend-cpu/src/types.ts', '', "export type { door } from '@neurite/layers';\n"),
  fault('testing', 'packages/testing/src/fault.ts', '@neurite/layers'),
  fault('datasets', 'packages/datasets/src/fault.ts', '@neurite/layers'),
  fault('datasets-outside', 'packages/datasets/src/node.ts', '', "export { readFileSync } from 'node:fs';\n"),
  fault('datasets-outside', 'packages/datasets/src/npm.ts', 'outsider'),
  fault('datasets-reach', 'packages/datasets/src/index.ts', './node/mnist.ts'),
  fault('convert', 'packages/convert/src/backend.ts', '@neurite/backend-cpu'),
  fault('convert', 'packages/convert/src/plugins.ts', '@neurite/layers'),
  fault('convert-outside', 'packages/convert/src/npm.ts', 'outsider'),
  fault('convert-outside', 'packages/convert/src/node.ts', '', "export { readFileSync } from 'node:fs';\n"),
  fault('checkpoint', 'packages/checkpoint/src/fault.ts', '@neurite/layers'),
  fault('checkpoint-outside', 'packages/checkpoint/src/npm.ts', 'outsider'),
  fault(
    'checkpoint-outside',
    'packages/checkpoint/src/other.ts',
    '',
    "export { readFileSync } from 'node:fs';\n",
  ),
  fault('checkpoint-reach', 'packages/checkpoint/src/index.ts', './node.ts'),
  fault('public-door', 'apps/classify-images/src/deep.ts', '../../../packages/core/src/tensor/clean.ts'),
  fault('no-testing', 'apps/classify-images/src/testing.ts', '@neurite/testing'),
  fault('no-cli', 'apps/classify-images/src/cli.ts', '@neurite/cli'),
  fault('no-apps', 'packages/testing/src/app.ts', '../../../apps/classify-images/src/clean.ts'),
];
