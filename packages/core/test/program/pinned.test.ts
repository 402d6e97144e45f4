import { it } from 'vitest';
import { type Layer, type Optimizer, printProgram, sequential, verifyProgram } from '../../src/index.ts';
import { type Recipe, traceStep } from '../../src/train/trace.ts';
import { adam, dense, dropout, momentum, relu, softmaxCrossEntropy } from '../support/plugins.ts';
import { programOf } from '../support/programs.ts';
const step = (layers: Layer[], optimizer: Optimizer) => {
  const recipe: Recipe = { network: sequential([784], layers), loss: softmaxCrossEntropy(), optimizer, regularizer: undefined, metrics: [], seed: 0, dtype: 'float32' };
  const program = programOf(traceStep(recipe, { kind: 'rows', set: 'training', rows: 60_000 }, 64, { inputs: 'uint8', targets: 'classes' }));
  verifyProgram(program);
  return program;
};
it('x', () => {
  console.log(printProgram(step([dense({ units: 128, activation: relu() }), dense({ units: 10 })], momentum())));
  console.log(printProgram(step([dense({ units: 128, activation: relu() }), dense({ units: 10 })], adam())));
  console.log(printProgram(step([dense({ units: 128, activation: relu() }), dropout(), dense({ units: 10 })], momentum())));
});
