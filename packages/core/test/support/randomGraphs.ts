// Small acyclic graphs of layers, drawn at random: as plans, to be built with layers or by hand.
import fc from 'fast-check';
import { activation, concat, graph, type Network, type Tensor } from '../../src/index.ts';
import { dense } from './plugins.ts';

/** Width of every tensor but concatenations, which a layer brings back to it. */
export const width = 2;

/** What a node does with the tensors of the nodes numbered so, the inputs being the first two. */
export type PlanStep =
  | { readonly kind: 'layer'; readonly from: number }
  | { readonly kind: 'shared'; readonly from: number }
  | {
      readonly kind: 'concatenate' | 'add' | 'subtract' | 'multiply';
      readonly from: number;
      readonly with: number;
    }
  | { readonly kind: 'scale' | 'complement'; readonly from: number };
export type Plan = readonly PlanStep[];

export const plans: fc.Arbitrary<Plan> = fc
  .array(
    fc.tuple(
      fc.constantFrom('layer', 'shared', 'concatenate', 'add', 'subtract', 'multiply', 'scale', 'complement'),
      fc.nat(100),
      fc.nat(100),
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map((steps) =>
    steps.map(([kind, a, b], i) => ({ kind, from: a % (i + 2), with: b % (i + 2) }) as PlanStep),
  );

const tanh = activation('tanh', (x) => x.tanh());

/** Makes of a tensor another: the layer with the number of its node. */
export type ApplyLayer = (node: number, x: Tensor) => Tensor;

/** The last tensor of a plan and the sum of the first two, so that there are two outputs. */
export function follow(plan: Plan, inputs: readonly [Tensor, Tensor], apply: ApplyLayer) {
  const all: Tensor[] = [...inputs];
  plan.forEach((step, i) => {
    const x = all[step.from] as Tensor;
    const y = all['with' in step ? step.with : step.from] as Tensor;
    const made = {
      layer: () => apply(i, x),
      shared: () => apply(-1, x),
      concatenate: () => apply(i, concat([x, y], 1)),
      add: () => x.add(y),
      subtract: () => x.sub(y),
      multiply: () => x.mul(y),
      scale: () => x.mul(0.5),
      complement: () => y.div(2).mul(-1).add(1),
    };
    all.push(made[step.kind]());
  });
  return { last: all.at(-1) as Tensor, sum: inputs[0].add(inputs[1]) };
}

/** A plan as a network with the inputs a and b. */
export const networkOf = (plan: Plan): Network =>
  graph({ a: [width], b: [width] }, ({ a, b }, use) => {
    const layers = new Map(
      [-1, ...plan.keys()].map((node) => [
        node,
        dense({ units: width, activation: tanh(), name: node < 0 ? 'shared' : `node${node}` }),
      ]),
    );
    return follow(plan, [a, b], (node, x) => use(layers.get(node) as ReturnType<typeof dense>, x));
  });
