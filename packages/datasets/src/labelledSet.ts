// The form of a data set with classes.

/** Examples that `fit` takes as they are. */
export interface LabelledSet {
  /** Row by row: [examples, …shape]. */
  readonly inputs: Float32Array;
  /** The class of each example: [examples]. */
  readonly targets: Int32Array;
  /** Names of the classes. */
  readonly classes: readonly string[];
  /** Shape of one input. */
  readonly shape: readonly number[];
}
