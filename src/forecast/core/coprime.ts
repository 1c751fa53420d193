/**
 * The whole number next to `wanted`, 1 or more, that shares no divisor with `length`: steps so far apart visit every
 * moment of a season that long in turn.
 */
export function coprimeNear(wanted: number, length: number): number {
  const middle = Math.max(1, Math.floor(wanted));
  for (let away = 0; away < middle; away++) {
    if (greatestCommonDivisor(middle - away, length) === 1) return middle - away;
    if (greatestCommonDivisor(middle + away, length) === 1) return middle + away;
  }
  return 1;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
