import { activation, heUniform } from '@neurite/core';

/** sin x. Sitzmann et al., 2020 (SIREN), whose weights, with ω₀ = 1, are those of `heUniform`. */
export const sine = activation('sine', (x) => x.sin(), { initializer: heUniform() });
