/**
 * Most frequent distance between neighbouring times, seconds, rounded to the millisecond; on a tie the shortest. Times are in
 * rising order. Undefined for fewer than two times.
 */
export function commonestDistance(times: ArrayLike<number>): number | undefined {
  const counts = new Map<number, number>();
  for (let index = 1; index < times.length; index++) {
    const distance = Math.round(((times[index] ?? 0) - (times[index - 1] ?? 0)) * 1000) / 1000;
    counts.set(distance, (counts.get(distance) ?? 0) + 1);
  }
  let commonest: number | undefined;
  let most = 0;
  for (const [distance, count] of counts) {
    if (count < most || (count === most && distance > (commonest ?? distance))) continue;
    [commonest, most] = [distance, count];
  }
  return commonest;
}
