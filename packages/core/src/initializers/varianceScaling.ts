import { initializer } from '../plugin/initializer.ts';
import { option } from '../plugin/options.ts';
import { normal, uniform } from '../tensor/random.ts';
import { spreadWithinTwo, withinTwo } from './withinTwo.ts';

/**
 * Mean 0 and variance `scale` / fan, from which Glorot's, He's and LeCun's rules follow. `scale`: 1. `mode`, which fan:
 * 'fanIn', 'fanOut' or 'fanAverage', half their sum. `distribution`: 'truncatedNormal', widened so that the variance holds
 * after the cut at two standard deviations; 'normal'; 'uniform'. Keras's VarianceScaling.
 */
export const varianceScaling = initializer(
  'varianceScaling',
  {
    scale: option.positive(1),
    mode: option.choice('fanIn', ['fanIn', 'fanOut', 'fanAverage']),
    distribution: option.choice('truncatedNormal', ['truncatedNormal', 'normal', 'uniform']),
  },
  ({ scale, mode, distribution }) =>
    ({ shape, dtype, fanIn, fanOut, random }) => {
      const fan = { fanIn, fanOut, fanAverage: (fanIn + fanOut) / 2 }[mode];
      const deviation = Math.sqrt(scale / fan);
      switch (distribution) {
        case 'truncatedNormal':
          return withinTwo(shape, random, dtype).mul(deviation / spreadWithinTwo);
        case 'normal':
          return normal(shape, random, dtype).mul(deviation);
        case 'uniform':
          return uniform(shape, random, dtype)
            .sub(0.5)
            .mul(2 * Math.sqrt(3) * deviation);
        default:
          return distribution satisfies never;
      }
    },
);
