/**
 * The largest whole number up to `most` (1 or more) that shares no divisor with `length`: steps so far apart visit every
 * moment of a season that long in turn.
 */
export function coprimeUpTo(most: number, length: number): number {
  let distance = Math.max(1, Math.floor(most));
  while (distance > 1 && greatestCommonDivisor(distance, length) > 1) distance--;
  return distance;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
