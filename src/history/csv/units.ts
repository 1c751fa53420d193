/** What a number is multiplied by that is followed by these letters, as dashboards abbreviate. */
const scales: Readonly<Record<string, number>> = {
  k: 1e3,
  K: 1e3,
  M: 1e6,
  Mil: 1e6,
  G: 1e9,
  B: 1e9,
  Bil: 1e9,
  T: 1e12,
  Tri: 1e12,
};

/** What follows the digits of a number. */
export interface Suffix {
  readonly scale: number;
  readonly unit: string;
}

/** Reads `k`, `req/s` or `K req/s`. Undefined for a lone B, which can be billions or bytes. */
export function suffixOf(text: string): Suffix | undefined {
  const [first = '', ...others] = text.split(/\s+/);
  const scale = Object.hasOwn(scales, first) ? scales[first] : undefined;
  if (scale === undefined) return { scale: 1, unit: text };
  if (first === 'B' && others.length === 0) return undefined;
  return { scale, unit: others.join(' ') };
}
