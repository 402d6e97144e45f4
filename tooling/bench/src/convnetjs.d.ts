// What the benchmark uses of ConvNetJS, which brings no types.
declare module 'convnetjs' {
  class Vol {
    constructor(values: number[]);
    w: Float64Array;
  }
  class Net {
    layers: { layer_type: string; filters: Vol[]; biases: Vol }[];
    makeLayers(definitions: Record<string, unknown>[]): void;
  }
  class Trainer {
    constructor(net: Net, options: { learning_rate: number; momentum: number; batch_size: number });
    train(x: Vol, label: number): { loss: number };
  }
  const library: { Vol: typeof Vol; Net: typeof Net; Trainer: typeof Trainer };
  export default library;
}
