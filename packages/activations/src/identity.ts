import { activation } from '@neurite/core';

/** f(x) = x. What an output layer has. */
export const identity = activation('identity', (x) => x);
