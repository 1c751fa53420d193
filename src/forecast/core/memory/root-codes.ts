/**
 * Square roots of demand are single-precision numbers of which the last `zeroBits` bits are 0: the relative error is 10^-6 at most, far
 * below what demand is known to. Their first bits, down to `codeFrom`, are a code of sixteen bits, counted from that of 2^-12 on, which is
 * 1. A code and the eight bits between are a root to the bit.
 */
export const zeroBits = 4;
export const codeFrom = 12;
export const beforeFirst = (115 << (23 - codeFrom)) - 1;
/** The highest code: thirty-one powers of two. */
const largest = 31 << (23 - codeFrom);
/** The code of a root below 2^-12, mostly 0. */
const nothing = 0;

/** A number and its bits. */
const number = new Float32Array(1);
const bits = new Int32Array(number.buffer);

/** The bits of a single-precision number, rounded to those that are kept. */
export function roundedBits(ofNumber: number): number {
  return (ofNumber + (1 << (zeroBits - 1))) & -(1 << zeroBits);
}

/** The code of a square root, in [0, 63488]. */
export function codeOfRoot(root: number): number {
  number[0] = root;
  const code = (roundedBits(bits[0]!) >> codeFrom) - beforeFirst;
  return code < 1 ? nothing : Math.min(code, largest);
}

/** The square root in the middle of those of a code. */
export function rootOfCode(code: number): number {
  if (code === nothing) return 0;
  bits[0] = ((code + beforeFirst) << codeFrom) | (1 << (codeFrom - 1));
  return number[0]!;
}
