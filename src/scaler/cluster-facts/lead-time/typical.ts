/** Share of the starts that is left out at either end. */
const trimmedShare = 0.25;

/**
 * The typical duration of some starts: the exponential of the mean logarithm of the middle half. It takes a delay that some
 * starts have, such as the wait for a node, for no change of the others.
 */
export function typical(durations: readonly number[]): number {
  const sorted = Float64Array.from(durations).sort();
  const trimmed = Math.floor(sorted.length * trimmedShare);
  const middle = sorted.subarray(trimmed, sorted.length - trimmed);
  return Math.exp(middle.reduce((sum, duration) => sum + Math.log(duration), 0) / middle.length);
}
