import type { SeriesWindow } from './series.ts';

/** A spike stands out by so many median deviations, of values that differ by this share at least. */
const farDeviations = 8;
const leastDeviationRatio = 0.02;
/** The same moment of an earlier season may have been so many steps earlier or later. */
const slackSteps = 2;
const mostNeighbours = 64;
const neighbours = new Float64Array(mostNeighbours);

/**
 * Cuts a spike in what is remembered to what its surroundings make credible: a value far above the median of
 * `aroundSteps` before and after it, and above what came at this moment a season ago, which would make it a habit. What
 * lasts longer than `aroundSteps` is no spike but a level, and what is newer may still become one.
 */
export function cutSpike(
  series: SeriesWindow,
  aroundSteps: number,
  shortSteps: number,
  longSteps: number,
): void {
  const { values, start, end } = series;
  const index = end - 1 - aroundSteps;
  const from = index - aroundSteps;
  const value = values[index] ?? 0;
  const count = 2 * aroundSteps + 1;
  if (aroundSteps < 2 || from < start || count > mostNeighbours) return;
  for (let i = 0; i < count; i++) neighbours[i] = values[from + i] ?? 0;
  const median = middleOf(count);
  if (value <= (1 + farDeviations * leastDeviationRatio) * median) return;
  for (let i = 0; i < count; i++) neighbours[i] = Math.abs((values[from + i] ?? 0) - median);
  const deviation = Math.max(middleOf(count), leastDeviationRatio * median);
  let limit = median + farDeviations * deviation;
  limit = Math.max(limit, highestAround(series, index - shortSteps));
  if (longSteps > 0) limit = Math.max(limit, highestAround(series, index - longSteps));
  if (value > limit) values[index] = limit;
}

function highestAround({ values, start }: SeriesWindow, index: number): number {
  let highest = 0;
  for (let at = Math.max(start, index - slackSteps); at <= index + slackSteps; at++) {
    highest = Math.max(highest, values[at] ?? 0);
  }
  return highest;
}

/** The median of the first so many neighbours, which are put in order. */
function middleOf(count: number): number {
  for (let i = 1; i < count; i++) {
    const value = neighbours[i] ?? 0;
    let at = i;
    for (; at > 0 && (neighbours[at - 1] ?? 0) > value; at--) neighbours[at] = neighbours[at - 1] ?? 0;
    neighbours[at] = value;
  }
  return neighbours[count >> 1] ?? 0;
}
