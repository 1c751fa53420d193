/** For each i the largest of values[i … i + length − 1]; missing values (NaN) are passed over, NaN where all are missing. */
export function createAheadMaximum(values: Float64Array, length: number): Float64Array {
  const result = new Float64Array(values.length);
  // A queue of indices whose values fall: the front is the largest of the window.
  const queue = new Int32Array(values.length);
  let head = 0;
  let tail = 0;
  for (let i = values.length - 1; i >= 0; i--) {
    if (!Number.isNaN(values[i]!)) {
      while (tail > head && values[queue[tail - 1]!]! <= values[i]!) tail--;
      queue[tail++] = i;
    }
    while (head < tail && queue[head]! >= i + length) head++;
    result[i] = head < tail ? values[queue[head]!]! : Number.NaN;
  }
  return result;
}
