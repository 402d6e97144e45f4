// The proximal operator of the absolute value. Internal.
import type { Tensor } from '@neurite/core';

/** `w` brought nearer to 0 by `by`, and to 0 itself where it was no further away: sign(w) · max(|w| − by, 0). */
export const softThreshold = (w: Tensor, by: Tensor): Tensor => w.sub(w.minimum(by).maximum(by.neg()));
