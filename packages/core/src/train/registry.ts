// Networks and trainings from plain data, with the plugins that were registered.
import { NeuriteError } from '../errors.ts';
import { graph } from '../network/graph.ts';
import type { GraphData } from '../network/graphData.ts';
import { graphFunction } from '../network/graphFunction.ts';
import type { NetworkData } from '../network/json.ts';
import type { Network } from '../network/network.ts';
import { sequential } from '../network/sequential.ts';
import { printValue } from '../plugin/options.ts';
import { Catalogue, type DefinitionsIn, type Named, type Source } from '../plugin/registry.ts';
import { train } from './train.ts';
import type { Trainer } from './trainer.ts';

/** A chain of layers as data: what is named must be registered. */
export interface ChainSpec<D> {
  readonly input: readonly number[];
  readonly layers: readonly Named<D, 'layer'>[];
}

/** A network as data: a chain, or a graph. */
export type NetworkSpec<D> = ChainSpec<D> | GraphData;

/** A training of a chain as data. */
export interface TrainSpec<D> extends ChainSpec<D> {
  readonly loss: Named<D, 'loss'>;
  readonly optimizer: Named<D, 'optimizer'>;
  readonly backend: Named<D, 'backend'>;
  readonly regularizer?: Named<D, 'regularizer'> | undefined;
  readonly constraint?: Named<D, 'constraint'> | undefined;
  readonly metrics?: readonly Named<D, 'metric'>[] | undefined;
  readonly seed?: number | undefined;
  readonly dtype?: 'float32' | 'float64' | undefined;
}

/** Plugins by name. Its types know what was registered: wrong names and options are type errors. */
export class Registry<D = never> extends Catalogue<D> {
  /** The registry with further plugins: definitions, or modules full of them. */
  use<const S extends readonly Source[]>(...sources: S): Registry<D | DefinitionsIn<S[number]>> {
    const next = new Registry<D | DefinitionsIn<S[number]>>();
    for (const definition of this.definitions()) next.add(definition);
    for (const source of sources) next.add(source);
    return next;
  }

  /**
   * A network from data: `{ input, layers }` is a chain, `{ inputs, nodes, outputs }` a graph.
   *
   * @throws NeuriteError that says where in the data what is wrong; nodes that go in a circle are named.
   */
  network(data: NetworkSpec<D>): Network {
    if (typeof data === 'object' && data !== null && 'nodes' in data) {
      const build = graphFunction(data, (name, node) =>
        this.make('layer', node as Named<D, 'layer'>, `node "${name}"`),
      );
      return graph(data.inputs, build);
    }
    const { input, layers } = data ?? {};
    if (!Array.isArray(input) || !Array.isArray(layers)) {
      throw new NeuriteError(
        'option',
        `a network is { input: [sizes], layers: [layers] } or { inputs, nodes, outputs }, but got ${printValue(data)}`,
      );
    }
    return sequential(
      input,
      layers.map((layer, i) => this.make('layer', layer, `layer ${i + 1}`)),
    );
  }

  /**
   * The network of `network.toJSON()`, or of a file: types cannot know what it names, so all of it is checked here.
   *
   * @throws NeuriteError as `network` does.
   */
  fromJSON(data: NetworkData): Network {
    return this.network(data as NetworkSpec<D>);
  }

  /** A trainer from data. */
  async train(spec: TrainSpec<D>): Promise<Trainer> {
    const { loss, optimizer, backend, regularizer, constraint, metrics, seed, dtype } = spec;
    return train(this.network(spec), {
      loss: this.make('loss', loss),
      optimizer: this.make('optimizer', optimizer),
      backend: this.make('backend', backend),
      ...(regularizer !== undefined && { regularizer: this.make('regularizer', regularizer) }),
      ...(constraint !== undefined && { constraint: this.make('constraint', constraint) }),
      ...(metrics && { metrics: metrics.map((metric) => this.make('metric', metric)) }),
      ...(seed !== undefined && { seed }),
      ...(dtype && { dtype }),
    });
  }
}

/** An empty registry; `use()` gives fuller ones. */
export const registry = (): Registry => new Registry();
