/** Share of the starts that is left out at either end. */
const trimmedShare = 0.25;

/**
 * The typical duration of some starts: the exponential of the mean logarithm of the middle half. It takes a delay that some
 * starts have, such as the wait for a node, for no change of the others.
 */
export function typical(durations: readonly number[]): number {
  const logs = durations.map(Math.log).sort((a, b) => a - b);
  const trimmed = Math.floor(logs.length * trimmedShare);
  const middle = logs.slice(trimmed, logs.length - trimmed);
  return Math.exp(middle.reduce((sum, log) => sum + log, 0) / middle.length);
}
