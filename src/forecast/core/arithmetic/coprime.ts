/**
 * The whole number next to `wanted` that shares no divisor with `length`: steps so far apart visit every moment of a season
 * that long in turn. Next to less than 4 that is 1, as the others are far more than was wanted; elsewhere 1 is none.
 */
export function coprimeNear(wanted: number, length: number): number {
  const middle = Math.floor(wanted);
  if (middle < 4) return 1;
  for (let away = 0; ; away++) {
    if (middle - away > 1 && greatestCommonDivisor(middle - away, length) === 1) return middle - away;
    if (greatestCommonDivisor(middle + away, length) === 1) return middle + away;
  }
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
