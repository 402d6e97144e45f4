import { type Layer, toData } from '@neurite/core';

/** A layer and its title: as it is written in data. */
export const titled = (layer: Layer) => ({ layer, title: JSON.stringify(toData(layer)) });
