// Names of code as words: "softmaxCrossEntropy" is "softmax cross entropy".

export const words = (name: string): string =>
  name.replace(/([a-z])([A-Z0-9])/g, '$1 $2').replace(/([A-Z]+)/g, (letters) => letters.toLowerCase());

/** A number as short as it may be: 3 digits, thousands apart. */
export function digits(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) return value.toExponential(1).replace('e+', 'e');
  if (size >= 100) return Math.round(value).toLocaleString('en');
  return String(Number(value.toPrecision(3)));
}

export const percent = (value: number): string =>
  Number.isFinite(value) ? `${(100 * value).toFixed(value >= 0.9995 || value === 0 ? 0 : 1)} %` : '–';
