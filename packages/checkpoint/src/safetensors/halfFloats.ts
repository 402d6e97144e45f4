// Numbers of 16 bits, IEEE 754's binary16: 1 of sign, 5 of exponent, 10 of fraction.

/** Each is a float32, too, so that nothing is rounded. */
export const halfFloats = (halves: Uint16Array): Float32Array => Float32Array.from(halves, halfFloat);

function halfFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  // Without an exponent there is no leading 1: zeros and the smallest numbers.
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}
