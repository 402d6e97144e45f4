import { elu, gelu, leakyRelu, relu, sigmoid, silu, softplus, tanh } from '@neurite/activations';
import { cpu } from '@neurite/backend-cpu';
import { placeholder, sequential, type Tensor, train } from '@neurite/core';
import { activation } from '@neurite/layers';
import { meanSquaredError } from '@neurite/losses';
import { sgd } from '@neurite/optimizers';
import { defineClaim } from '../../claim.ts';
import { equals, report } from '../../fact.ts';
import { bars } from '../../figure/bars.ts';

const transcendental = ['exp', 'log', 'tanh', 'sigmoid', 'sin', 'cos', 'sqrt', 'pow'];

async function experiment() {
  const rows: { name: string; costly: number; nanoseconds: number }[] = [];
  for (const f of [relu(), leakyRelu(), tanh(), sigmoid(), elu(), silu(), softplus(), gelu()]) {
    const operations = new Map<Tensor, string>();
    const visit = (tensor: Tensor): void => {
      if (operations.has(tensor)) return;
      operations.set(tensor, tensor.op.kind === 'map' ? tensor.op.operation : '');
      tensor.sources.forEach(visit);
    };
    visit(f.apply(placeholder('x', [1, 1])));
    const costly = [...operations.values()].filter((name) => transcendental.includes(name)).length;

    const network = sequential([256], [activation({ activation: f })]);
    const trainer = await train(network, { loss: meanSquaredError(), optimizer: sgd(), backend: cpu() });
    const inputs = Float32Array.from({ length: 256 * 256 }, (_, i) => Math.sin(i) * 4);
    const times: number[] = [];
    for (let i = 0; i < 12; i++) {
      const start = performance.now();
      await trainer.predict(inputs);
      times.push((performance.now() - start) * 1e6);
    }
    rows.push({ name: f.type, costly, nanoseconds: Math.min(...times) / inputs.length });
  }
  return rows;
}

export const claim = defineClaim({
  number: 21,
  title: 'ReLU is cheap: it compares, and computes no exponential',
  text: `
Sigmoid and tanh want an exponential for each number, ReLU a comparison. How many such operations an activation asks for can
be counted in its expression. What they cost is measured as well, on one processor, on 65,536 numbers at a time and with
the copying around it included: such times are reported, as they depend on the machine and the moment. In a large network
the products with matrices outweigh all of this.`,
  experiment,
  facts: (rows) => [
    equals('Exponentials and the like in ReLU', rows[0]!.costly, 0),
    equals('in leaky ReLU', rows[1]!.costly, 0),
    equals('in tanh', rows[2]!.costly, 1),
    equals('in the sigmoid', rows[3]!.costly, 1),
    report('Nanoseconds for a number, ReLU', rows[0]!.nanoseconds),
    report('Nanoseconds for a number, tanh', rows[2]!.nanoseconds),
  ],
  refutedBy: (rows) => rows.map((row) => ({ ...row, costly: 1 })),
  figure: (rows) =>
    bars({
      title: 'Nanoseconds for a number, by activation',
      label: 'ns',
      bars: rows.map(({ name, costly, nanoseconds }) => ({
        name,
        value: nanoseconds,
        series: costly > 0 ? 2 : 1,
      })),
      print: (value) => value.toFixed(1),
      width: 560,
    }),
});
