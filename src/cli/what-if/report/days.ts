import { createTimeZone } from '../../../forecast/index.ts';
import { type Demand, type Finding, judgedTick, tickSeconds } from '../../../what-if/index.ts';

/** A day of the judged time, by the clocks of a zone. */
export interface Day {
  readonly name: string;
  readonly fromTick: number;
  readonly toTick: number;
  /** Every sixth hour by the clock. */
  readonly hours: readonly { readonly tick: number; readonly label: string }[];
}

/** Most days that a report has; more are those on which most time was short. */
const mostDays = 28;
const hourTicks = 3600 / tickSeconds;
/** A day with less than this of it in the judged time is left out. */
const fewestHours = 12;
const nameOf = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  timeZone: 'UTC',
});

/** The days of the judged time, oldest first. */
export function daysOf(demand: Demand, timeZone: string): readonly Day[] {
  const { offsetAt } = createTimeZone(timeZone);
  const localHour = (tick: number) => {
    const seconds = demand.firstSeconds + tick * tickSeconds;
    return (seconds + offsetAt(seconds)) / 3600;
  };
  const days: Day[] = [];
  let hours: { tick: number; label: string }[] = [];
  let fromTick = judgedTick(demand);
  const end = (toTick: number) => {
    const middle = (fromTick + toTick) / 2;
    if (toTick - fromTick >= fewestHours * hourTicks)
      days.push({ name: nameOf.format(localHour(middle) * 3_600_000), fromTick, toTick, hours });
    [hours, fromTick] = [[], toTick];
  };
  for (let tick = fromTick; tick < demand.ticks.length; tick++) {
    const [before, hour] = [localHour(tick - 1), localHour(tick)];
    if (Math.floor(hour / 24) !== Math.floor(before / 24)) {
      hours.push({ tick, label: '24:00' });
      end(tick);
    }
    if (Math.floor(hour / 6) !== Math.floor(before / 6))
      hours.push({ tick, label: `${Math.floor(hour) % 24}:00` });
  }
  end(demand.ticks.length);
  return days;
}

/** Time of a day in which a policy was short, seconds. */
export function shortSecondsOn(
  { fromTick, toTick }: Day,
  demand: Demand,
  { usual }: Finding,
  capacity: number,
): number {
  const ready = usual.timeline?.ready(fromTick, toTick);
  let ticks = 0;
  for (let tick = fromTick; tick < toTick; tick++)
    if ((demand.ticks[tick] ?? Number.NaN) > (ready?.[tick - fromTick] ?? 0) * capacity) ticks++;
  return ticks * tickSeconds;
}

/** The days that are shown, oldest first. */
export function shownDays<D extends { readonly shortSeconds: number; readonly fromTick: number }>(
  days: readonly D[],
): readonly D[] {
  const worst = [...days].sort((a, b) => b.shortSeconds - a.shortSeconds).slice(0, mostDays);
  return worst.sort((a, b) => a.fromTick - b.fromTick);
}
