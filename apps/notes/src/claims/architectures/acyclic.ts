import { relu } from '@neurite/activations';
import { type NetworkSpec, registry } from '@neurite/core';
import { dense } from '@neurite/layers';
import { defineClaim } from '../../claim.ts';
import { equals, says } from '../../fact.ts';
import { arrow, chart, note } from '../../figure/chart.ts';

const known = registry().use(dense, relu);
const layer = (from: string) => ({ type: 'dense', units: 3, activation: 'relu', from }) as const;

async function experiment() {
  const graph = (first: string) =>
    ({
      inputs: { input: [3] },
      nodes: { a: layer(first), b: layer('a'), c: { join: 'add', from: ['b', 'input'] } },
      outputs: { output: 'c' },
    }) as const;

  const { layers } = known.network(graph('input')); // input → a → b → c
  let refusal = '';
  try {
    known.network(graph('c') as NetworkSpec<never>); // a wants c, which wants b, which wants a
  } catch (error) {
    refusal = (error as Error).message;
  }
  return { layers: layers.length, refusal };
}

export const claim = defineClaim({
  number: 33,
  title: 'A network is a graph without cycles',
  text: `
What some neurons put out, others take in. Any wiring will do, also one that skips layers or joins several — as long as
nothing waits for itself, for then the forward pass would never end. The first graph below has a shortcut around two layers
and is a network. In the second, the first layer is to begin with the last node's result.`,
  experiment,
  facts: ({ layers, refusal }) => [
    equals('Layers of the graph with a shortcut', layers, 2),
    says('The graph with a cycle', refusal, 'in a circle, a → b → c → a'),
  ],
  refutedBy: (result) => ({ ...result, refusal: '' }),
  figure: () =>
    chart({
      title: 'A graph with a shortcut, and dashed the edge that would close a cycle',
      x: { domain: [-0.4, 3.4], ticks: [] },
      y: { domain: [-1, 1], ticks: [] },
      height: 200,
      marks: [
        ...[0, 1, 2].map((at) => arrow([at + 0.22, 0], [at + 0.78, 0])),
        arrow([0.1, 0.2], [2.85, 0.25], 3),
        arrow([2.9, -0.25], [1.1, -0.3], 2),
        note([1.5, 0.45], 'a shortcut: fine', 'middle'),
        note([2, -0.6], 'c as the input of a: a cycle', 'middle'),
        ...['input', 'a', 'b', 'c'].map((name, at) => note([at, -0.04], name, 'middle')),
      ],
    }),
});
