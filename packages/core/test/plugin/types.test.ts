// What the compiler knows of plugins: `tsc -p tsconfig.json` is the test; the bodies need not run.
import { describe, expectTypeOf, it } from 'vitest';
import {
  type Activation,
  type Definition,
  type Layer,
  type Named,
  type Optimizer,
  option,
  type Plugin,
  type Regularizer,
  type Resolved,
  registry,
  type Schedule,
  sequential,
  train,
} from '../../src/index.ts';
import * as plugins from '../support/plugins.ts';

const { adam, dense, dropout, halving, leakyRelu, meanSquaredError, momentum, relu, sgd } = plugins;
const neurite = registry().use(plugins);
/** Checked and not run. */
const typesOf = (_: () => unknown): void => {};

describe('a definition', () => {
  it('takes the options of its schema', () => {
    expectTypeOf(dense).parameter(0).toHaveProperty('units').toEqualTypeOf<number>();
    expectTypeOf(dense).parameter(0).toHaveProperty('activation').toEqualTypeOf<Activation | undefined>();
    expectTypeOf(dense).parameter(0).toHaveProperty('name').toEqualTypeOf<string | undefined>();
    expectTypeOf(adam)
      .parameter(0)
      .extract<object>()
      .toHaveProperty('learningRate')
      .toEqualTypeOf<number | Schedule | undefined>();
    expectTypeOf(dense).returns.toEqualTypeOf<Layer>();
    expectTypeOf(leakyRelu).returns.toEqualTypeOf<Activation>();
    expectTypeOf(adam).returns.toEqualTypeOf<Optimizer>();
    expectTypeOf(leakyRelu.type).toEqualTypeOf<'leakyRelu'>();
    expectTypeOf(leakyRelu).toExtend<
      Definition<'activation', 'leakyRelu', { readonly slope: 0.01 }, Activation>
    >();
  });

  it('refuses what is wrong', () => {
    typesOf(() => [
      // @ts-expect-error units must be given
      dense(),
      // @ts-expect-error units must be given
      dense({ bias: false }),
      // @ts-expect-error there is no such option
      dense({ units: 3, activaton: relu() }),
      // @ts-expect-error a number is wanted
      dense({ units: '3' }),
      // @ts-expect-error an activation is wanted, not a name
      dense({ units: 3, activation: 'relu' }),
      // @ts-expect-error an activation is wanted, not its definition
      dense({ units: 3, activation: relu }),
      // @ts-expect-error an activation is wanted, not an optimizer
      dense({ units: 3, activation: sgd() }),
      // @ts-expect-error a learning rate is a number or a schedule
      sgd({ learningRate: 'fast' }),
      // @ts-expect-error there are no options
      relu({ slope: 1 }),
      // @ts-expect-error there is no such option
      dropout({ rates: 0.5 }),
    ]);
    typesOf(() => [
      dense({ units: 3 }),
      dense({ units: 3, activation: undefined }),
      relu(),
      momentum({ learningRate: halving() }),
    ]);
  });

  it('gives its author the options with their defaults', () => {
    const schema = {
      units: option.count(),
      rate: 0.5,
      bias: true,
      mode: option.choice('sum', ['sum', 'mean']),
      activation: option.plugin('activation'),
      shape: option.sizes(),
    } as const;
    expectTypeOf<Resolved<typeof schema>>().toEqualTypeOf<{
      readonly units: number;
      readonly rate: number;
      readonly bias: boolean;
      readonly mode: 'sum' | 'mean';
      readonly activation: Activation | undefined;
      readonly shape: readonly number[];
    }>();
    // @ts-expect-error the default is one of the choices
    typesOf(() => option.choice('max', ['sum', 'mean']));
  });
});

describe('a registry', () => {
  it('knows the names of each kind', () => {
    expectTypeOf(neurite.names('activation')).toEqualTypeOf<('relu' | 'leakyRelu' | 'sigmoid')[]>();
    expectTypeOf(neurite.names('layer')).toEqualTypeOf<('dense' | 'dropout' | 'flatten')[]>();
    expectTypeOf(neurite.names('metric')).toEqualTypeOf<never[]>();
    expectTypeOf(registry().names('layer')).toEqualTypeOf<never[]>();
    expectTypeOf(registry().use(relu).use(plugins.sigmoid).names('activation')).toEqualTypeOf<
      ('relu' | 'sigmoid')[]
    >();
  });

  it('makes what it is asked for', () => {
    typesOf(() => {
      expectTypeOf(neurite.make('activation', 'relu')).toEqualTypeOf<Activation>();
      expectTypeOf(neurite.make('regularizer', 'l2')).toEqualTypeOf<Regularizer>();
    });
  });

  it('takes names, with options where some must be given, and plugins', () => {
    typesOf(() => [
      neurite.make('activation', 'relu'),
      neurite.make('activation', { type: 'leakyRelu' }),
      neurite.make('activation', { type: 'leakyRelu', slope: 0.1 }),
      neurite.make('activation', relu()),
      neurite.make('layer', 'dropout'),
      neurite.make('layer', {
        type: 'dense',
        units: 3,
        activation: 'relu',
        regularizer: { type: 'l2', strength: 1 },
      }),
      neurite.make('layer', { type: 'dense', units: 3, activation: relu(), name: 'first' }),
      neurite.make('optimizer', { type: 'adam', learningRate: 'halving' }),
      neurite.make('optimizer', { type: 'adam', learningRate: { type: 'halving', initial: 1 } }),
      neurite.make('optimizer', { type: 'adam', learningRate: 0.1 }),
    ]);
  });

  it('refuses what is wrong, also within', () => {
    typesOf(() => [
      // @ts-expect-error no such activation
      neurite.make('activation', 'tanh'),
      // @ts-expect-error a layer's name is no activation's
      neurite.make('activation', 'dense'),
      // @ts-expect-error no such kind
      neurite.make('activations', 'relu'),
      // @ts-expect-error units must be given, so the name is not enough
      neurite.make('layer', 'dense'),
      // @ts-expect-error units must be given
      neurite.make('layer', { type: 'dense' }),
      // @ts-expect-error no such option
      neurite.make('layer', { type: 'dense', units: 3, unit: 3 }),
      // @ts-expect-error no such activation within
      neurite.make('layer', { type: 'dense', units: 3, activation: 'tanh' }),
      // @ts-expect-error no such option within
      neurite.make('layer', { type: 'dense', units: 3, activation: { type: 'leakyRelu', slop: 1 } }),
      // @ts-expect-error another dtype within
      neurite.make('layer', { type: 'dense', units: 3, activation: { type: 'leakyRelu', slope: '1' } }),
      // @ts-expect-error a regularizer is no activation
      neurite.make('layer', { type: 'dense', units: 3, activation: { type: 'l2' } }),
      // @ts-expect-error no such schedule
      neurite.make('optimizer', { type: 'adam', learningRate: 'cosine' }),
      // @ts-expect-error nothing was registered
      registry().make('layer', 'dropout'),
    ]);
  });

  it('checks networks and trainings as data', () => {
    typesOf(() => [
      neurite.network({
        input: [2],
        layers: [{ type: 'dense', units: 3, activation: 'relu' }, 'dropout', dense({ units: 1 })],
      }),
      // @ts-expect-error no such layer
      neurite.network({ input: [2], layers: [{ type: 'dens', units: 3 }] }),
      // @ts-expect-error input must be given
      neurite.network({ layers: ['dropout'] }),
      // @ts-expect-error loss must be given
      neurite.train({
        input: [2],
        layers: ['dropout'],
        optimizer: 'sgd',
        backend: neurite.make('backend', 'cpu' as never),
      }),
      neurite.train({
        input: [2],
        layers: ['dropout'],
        loss: 'meanSquaredError',
        optimizer: 'sgd',
        // @ts-expect-error no such backend
        backend: 'gpu',
      }),
    ]);
    expectTypeOf<'relu'>().toExtend<Named<typeof relu, 'activation'>>();
    expectTypeOf<'relu'>().not.toExtend<Named<typeof leakyRelu, 'activation'>>();
  });

  it('takes its own data back', () => {
    typesOf(() => {
      const network = sequential([2], [dense({ units: 1 })]);
      // @ts-expect-error data from outside has unknown types: say `as never`, and names are checked when it runs
      neurite.network(network.toJSON());
    });
  });
});

describe('train', () => {
  it('wants a loss, an optimizer and a backend', () => {
    typesOf(() => {
      const network = sequential([2], [dense({ units: 1 })]);
      // @ts-expect-error the backend is missing
      void train(network, { loss: meanSquaredError(), optimizer: sgd() });
      // @ts-expect-error a loss is wanted
      void train(network, { loss: sgd(), optimizer: sgd(), backend: {} as never });
    });
  });

  it('takes plugins of any package, since a kind is all that counts', () => {
    expectTypeOf<Plugin<'layer'>>().toHaveProperty('kind').toEqualTypeOf<'layer'>();
  });
});
