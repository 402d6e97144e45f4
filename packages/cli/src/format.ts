// Numbers as people read them.

/** 0.9767 → "97.67 %". */
export const percent = (fraction: number, digits = 2): string => `${(100 * fraction).toFixed(digits)} %`;

/** 60000 → "60,000". */
export const count = (number: number): string => number.toLocaleString('en');

/** 65 → "1 min 05 s", 0.42 → "0.4 s". */
export function duration(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
}
