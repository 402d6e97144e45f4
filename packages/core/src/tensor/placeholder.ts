// Inputs of graphs by name.
import type { DType } from '../scalar/dtype.ts';
import type { Shape } from '../scalar/shape.ts';
import type { InputHome } from './op.ts';
import * as leaf from './ops/leaf.ts';
import { Tensor } from './tensor.ts';

/**
 * Numbers that come from outside under a name.
 *
 * - `home`: `input`, written before each run, is the default; `data`: a data set; `state`: kept and updated.
 * - `buffer`, `offset`: the buffer that it is a part of, and where it begins there; by default a buffer of its own.
 * - `dtype`: float32.
 */
export const placeholder = (
  name: string,
  shape: Shape,
  {
    dtype = 'float32',
    home = 'input',
    buffer = name,
    offset = 0,
  }: { dtype?: DType; home?: InputHome; buffer?: string; offset?: number } = {},
): Tensor => new Tensor(leaf.input(name, shape, dtype, home, buffer, offset));
