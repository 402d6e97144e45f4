import { relu } from '@neurite/activations';
import { sequential } from '@neurite/core';
import { dense, maxout } from '@neurite/layers';
import { defineClaim } from '../../claim.ts';
import { equals } from '../../fact.ts';
import { bars } from '../../figure/bars.ts';

async function experiment() {
  const withRelu = sequential([3], [dense({ units: 4, activation: relu() })]).summary().parameters;
  const withMaxout = [2, 3, 4].map(
    (pieces) => sequential([3], [maxout({ units: 4, pieces })]).summary().parameters,
  );
  return { withRelu, withMaxout };
}

export const claim = defineClaim({
  number: 29,
  title: 'Maxout doubles the parameters',
  text: `
Each unit has the weights and the bias of two, or of as many as it has pieces. Four units on three inputs: 16 parameters with
ReLU, 32 with maxout of two pieces, and so on.`,
  experiment,
  facts: ({ withRelu, withMaxout }) => [
    equals('Parameters with ReLU: 3 · 4 + 4', withRelu, 16),
    equals('with maxout of two pieces', withMaxout[0]!, 32),
    equals('of three', withMaxout[1]!, 48),
    equals('of four', withMaxout[2]!, 64),
  ],
  refutedBy: (result) => ({ ...result, withMaxout: [16, 16, 16] }),
  figure: ({ withRelu, withMaxout }) =>
    bars({
      title: 'Parameters of four units on three inputs',
      label: 'parameters',
      bars: [
        { name: 'ReLU', value: withRelu },
        ...withMaxout.map((value, i) => ({ name: `maxout, ${i + 2}`, value, series: 2 })),
      ],
      height: 240,
    }),
});
