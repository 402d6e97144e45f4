import { expect, test } from 'vitest';
import { problemOf, sanityRow } from '../src/rows.ts';
import { onnxStep, statesOf } from '../src/systems/onnxGraph.ts';

test('the states of a step', () => {
  expect(statesOf([6, 16, 3])).toEqual([
    { name: 'w0', shape: [6, 16] },
    { name: 'b0', shape: [16] },
    { name: 'w0.velocity', shape: [6, 16] },
    { name: 'b0.velocity', shape: [16] },
    { name: 'w1', shape: [16, 3] },
    { name: 'b1', shape: [3] },
    { name: 'w1.velocity', shape: [16, 3] },
    { name: 'b1.velocity', shape: [3] },
  ]);
});

test('the graph gives the loss and the successor of each state', () => {
  const graph = Buffer.from(onnxStep(problemOf(sanityRow))).toString('latin1');
  for (const { name } of statesOf(sanityRow.sizes)) expect(graph).toContain(`next.${name}`);
  expect(graph).toContain('loss');
  expect(graph).not.toContain('back0'); // nobody needs the gradient of the inputs
});
