import { activation, glorotUniform } from '@neurite/core';

/** e^(−x²): 1 at 0, nothing far away. Hartman et al., 1990. */
export const gaussian = activation('gaussian', (x) => x.square().neg().exp(), {
  initializer: glorotUniform(),
});
