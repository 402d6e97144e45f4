// What a backend can take. Lowering looks at this; nobody asks which backend it is.
import type { DType } from '../scalar/dtype.ts';

export interface Capabilities {
  readonly dtypes: readonly DType[];
  /** Whether a kernel may read and then write an element of the same buffer. */
  readonly inPlace: boolean;
}
