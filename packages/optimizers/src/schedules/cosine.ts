// Half a wave of the cosine, on which several schedules run. Internal.

/** From `start` to `end` as `part` goes from 0 to 1, slowly at both ends. */
export const cosine = (start: number, end: number, part: number): number =>
  end + ((start - end) * (1 + Math.cos(Math.PI * part))) / 2;
