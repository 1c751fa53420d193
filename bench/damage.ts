import type { History } from '../src/history/source.ts';
import type { Random } from '../src/load-shapes/index.ts';

/** Rows as a faulty source would have given them. */
export interface FaultyRows extends Pick<History, 'timestamps' | 'values'> {
  /** 1 where a row was clipped at capacity. */
  readonly isCensored?: Uint8Array;
}

/** Something that goes wrong at `atSeconds`; the history given is left as it is. */
export interface Fault {
  readonly title: string;
  readonly lastsSeconds: number;
  /** What the load itself becomes where the fault is one of the load and not of the rows. */
  readonly truthFactor: number;
  apply(history: History, atSeconds: number, random: Random): FaultyRows;
}

const hour = 3600;

export const faults = {
  gaps: {
    title: '20 % of all rows missing',
    lastsSeconds: 0,
    truthFactor: 1,
    apply: (history, _atSeconds, random) => kept(history, () => random() >= 0.2),
  },
  hole: {
    title: 'a hole of 6 h',
    lastsSeconds: 6 * hour,
    truthFactor: 1,
    apply: (history, atSeconds) => kept(history, (time) => !isWithin(time, atSeconds, 6 * hour)),
  },
  spike: {
    title: 'a ×20 spike of 30 min',
    lastsSeconds: hour / 2,
    truthFactor: 1,
    apply: (history, atSeconds) =>
      changed(history, (value, time) => (isWithin(time, atSeconds, hour / 2) ? 20 * value : value)),
  },
  outage: {
    title: 'an outage of 3 h (zeros)',
    lastsSeconds: 3 * hour,
    truthFactor: 1,
    apply: (history, atSeconds) =>
      changed(history, (value, time) => (isWithin(time, atSeconds, 3 * hour) ? 0 : value)),
  },
  levelShift: {
    title: 'a level shift ×1.5',
    lastsSeconds: 0,
    truthFactor: 1.5,
    apply: (history, atSeconds) =>
      changed(history, (value, time) => (time > atSeconds ? 1.5 * value : value)),
  },
  clipped: {
    title: 'clipped for 24 h at what a fifth of its rows are above (censored)',
    lastsSeconds: 24 * hour,
    truthFactor: 1,
    apply: clip,
  },
} satisfies Record<string, Fault>;

function isWithin(time: number, atSeconds: number, lastsSeconds: number): boolean {
  return time > atSeconds && time <= atSeconds + lastsSeconds;
}

function kept({ timestamps, values }: History, isKept: (time: number) => boolean): FaultyRows {
  const indices = [...timestamps.keys()].filter((index) => isKept(timestamps[index] ?? 0));
  return {
    timestamps: Float64Array.from(indices, (index) => timestamps[index] ?? 0),
    values: Float64Array.from(indices, (index) => values[index] ?? 0),
  };
}

function changed(
  { timestamps, values }: History,
  change: (value: number, time: number) => number,
): FaultyRows {
  return { timestamps, values: values.map((value, index) => change(value, timestamps[index] ?? 0)) };
}

/** At what one row in five of that day was above, so that it bites on every series. */
function clip({ timestamps, values }: History, atSeconds: number): FaultyRows {
  const isOfDay = (index: number) => isWithin(timestamps[index] ?? 0, atSeconds, 24 * hour);
  const day = values.filter((_, index) => isOfDay(index)).sort();
  const capacity = day[Math.floor(0.8 * day.length)] ?? Number.POSITIVE_INFINITY;
  const isCensored = Uint8Array.from(values, (value, index) => (value > capacity && isOfDay(index) ? 1 : 0));
  return {
    timestamps,
    values: values.map((value, index) => (isCensored[index] === 1 ? capacity : value)),
    isCensored,
  };
}
