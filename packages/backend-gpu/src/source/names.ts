// How things are called in kernel sources.

/** The counter of a loop over results. */
export const counter = (axis: number): string => `i${axis}`;

/** A buffer that the kernel reads. */
export const parameter = (position: number): string => `a${position}`;

/** Arguments with numbers that shader languages cannot write down. */
export const infinity = 'infinity';
export const notANumber = 'notANumber';
