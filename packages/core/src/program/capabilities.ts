// What a backend can take. Lowering looks at this; nobody asks which backend it is.
import type { DType } from '../scalar/dtype.ts';

export interface Capabilities {
  readonly dtypes: readonly DType[];
  /** Whether a kernel may read and then write an element of the same buffer. */
  readonly inPlace: boolean;
  /**
   * How many buffers a kernel may read, at least 3; parts of a state buffer count one by one, since a backend may keep them
   * apart. Any number if not given.
   */
  readonly maxReads?: number;
  /** 1 if a kernel may write to one buffer alone. Any number if not given. */
  readonly maxWrites?: 1;
}
