/**
 * The whole number next to `wanted` that shares no divisor with `length`, so that steps of that size visit every slot of a
 * season of `length` slots in turn. The answer is 1 where `wanted` is below 4, because the next candidates are far larger than
 * what was wanted; otherwise it is above 1.
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
