import type { CalendarEvent } from '../contract.ts';

const weekSeconds = 7 * 86_400;
/** As many events of one kind within a week are how the week is: the seasons have them. */
const manyInWeek = 5;

/**
 * Leaves out events that are habits: the fifth of a kind within a week and those after it. What comes every day is no event but a
 * season, which could not be learned if its every day were kept out.
 */
export function withoutHabits(events: readonly CalendarEvent[]): CalendarEvent[] {
  const startsOf = new Map<string, number[]>();
  for (const { kind, startSeconds } of events) {
    const starts = startsOf.get(kind);
    if (starts === undefined) startsOf.set(kind, [startSeconds]);
    else starts.push(startSeconds);
  }
  for (const starts of startsOf.values()) starts.sort((a, b) => a - b);
  return events.filter(({ kind, startSeconds, effect }) => {
    if (effect.type !== 'learned') return true;
    const starts = startsOf.get(kind) ?? [];
    const before = starts[firstAtLeast(starts, startSeconds) - manyInWeek + 1];
    return before === undefined || startSeconds - before >= weekSeconds;
  });
}

function firstAtLeast(rising: readonly number[], value: number): number {
  let low = 0;
  let high = rising.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rising[middle]! >= value) high = middle;
    else low = middle + 1;
  }
  return low;
}
