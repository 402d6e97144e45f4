import { relu } from '@neurite/activations';
import { sequential } from '@neurite/core';
import { dense } from '@neurite/layers';

export const network = sequential([784], [dense({ units: 128, activation: relu() }), dense({ units: 10 })]);
