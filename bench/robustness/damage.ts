import type { History } from '../../src/history/source.ts';
import type { Random } from '../../src/load-shapes/index.ts';

/** Rows of a history after damage, as a faulty source would return them. */
export interface DamagedRows extends Pick<History, 'timestamps' | 'values'> {
  /** By row, 1 where it was clipped at capacity. */
  readonly isCensored?: Uint8Array;
}

/** A kind of damage to a series. */
export interface Damage {
  readonly title: string;
  readonly lastsSeconds: number;
  /** Factor by which the damage changes the load itself; 1 where it changes the rows only. */
  readonly truthFactor: number;
  /** The damaged rows, from `atSeconds` on; the history itself is left as it is. */
  apply(history: History, atSeconds: number, random: Random): DamagedRows;
}

const hour = 3600;

export const damages = {
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
    title: 'clipped for 24 h at the value a fifth of its rows exceed (censored)',
    lastsSeconds: 24 * hour,
    truthFactor: 1,
    apply: clip,
  },
} satisfies Record<string, Damage>;

function isWithin(time: number, atSeconds: number, lastsSeconds: number): boolean {
  return time > atSeconds && time <= atSeconds + lastsSeconds;
}

function kept({ timestamps, values }: History, isKept: (time: number) => boolean): DamagedRows {
  const indices = [...timestamps.keys()].filter((index) => isKept(timestamps[index]!));
  return {
    timestamps: Float64Array.from(indices, (index) => timestamps[index]!),
    values: Float64Array.from(indices, (index) => values[index]!),
  };
}

function changed(
  { timestamps, values }: History,
  change: (value: number, time: number) => number,
): DamagedRows {
  return { timestamps, values: values.map((value, index) => change(value, timestamps[index]!)) };
}

/** Clips a day at the value that a fifth of its rows exceed, so that every series is affected. */
function clip({ timestamps, values }: History, atSeconds: number): DamagedRows {
  const isOfDay = (index: number) => isWithin(timestamps[index]!, atSeconds, 24 * hour);
  const day = values.filter((_, index) => isOfDay(index)).sort();
  const capacity = day[Math.floor(0.8 * day.length)] ?? Number.POSITIVE_INFINITY;
  const isCensored = Uint8Array.from(values, (value, index) => (value > capacity && isOfDay(index) ? 1 : 0));
  return {
    timestamps,
    values: values.map((value, index) => (isCensored[index] === 1 ? capacity : value)),
    isCensored,
  };
}
