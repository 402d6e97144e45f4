// What PyTorch's modules call the numbers that layers have.

/** What a parameter or state of a layer is called in a module's state_dict. */
export interface Field {
  readonly theirs: string;
  /** Whether its two axes change places: PyTorch's Linear has [outputs, inputs]. */
  readonly transposed?: true;
}

const affine = { scale: { theirs: 'weight' }, offset: { theirs: 'bias' } };

/** By the type of the layer: its parameters and state, in nn.Linear, nn.BatchNorm1d and so on. */
export const fieldsByLayer: Readonly<Record<string, Readonly<Record<string, Field>>>> = {
  dense: { weight: { theirs: 'weight', transposed: true }, bias: { theirs: 'bias' } },
  batchNorm: { ...affine, mean: { theirs: 'running_mean' }, variance: { theirs: 'running_var' } },
  layerNorm: affine,
  rmsNorm: { scale: { theirs: 'weight' } },
  prelu: { slope: { theirs: 'weight' } },
  embedding: { weight: { theirs: 'weight' } },
};

/** What modules keep that layers do not need. */
export const needless: ReadonlySet<string> = new Set(['num_batches_tracked']);
