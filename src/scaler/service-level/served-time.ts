import type { ServedSpan } from '../../forecast/index.ts';
import { createServedSlots, spanWidth, toSpan } from './served-slots.ts';

const hourSeconds = 3_600;
const partSeconds = 300;
const keptHours = 7 * 24 + 1;
const keptParts = hourSeconds / partSeconds + 1;

/** What a rule does in one tick. */
interface PlayedTick {
  readonly isShort: boolean;
  readonly replicas: number;
}

/** What was served, in the last week and in all. Memory is bounded. */
export interface ServedTime {
  /** Unix seconds of the end of the newest tick; −Infinity before the first. */
  readonly newestSeconds: number;
  /** Adds `seconds` that end at `atSeconds`; times do not fall. */
  add(atSeconds: number, seconds: number, forescale: PlayedTick, reactive: PlayedTick): void;
  /** What the last `seconds` before the newest tick brought: up to an hour more, up to five minutes where an hour is asked for. */
  last(seconds: number): ServedSpan;
  /** Everything since the first tick; it only grows. */
  total(): ServedSpan;
}

export function createServedTime(): ServedTime {
  const hours = createServedSlots(hourSeconds, keptHours);
  const parts = createServedSlots(partSeconds, keptParts);
  const total = new Float64Array(spanWidth);
  const tick = new Float64Array(spanWidth);
  let newestSeconds = Number.NEGATIVE_INFINITY;
  return {
    get newestSeconds() {
      return newestSeconds;
    },
    add(atSeconds, seconds, forescale, reactive) {
      newestSeconds = atSeconds;
      tick[0] = seconds;
      tick[1] = forescale.isShort ? seconds : 0;
      tick[2] = forescale.replicas * seconds;
      tick[3] = reactive.isShort ? seconds : 0;
      tick[4] = reactive.replicas * seconds;
      hours.add(atSeconds, tick);
      parts.add(atSeconds, tick);
      for (let index = 0; index < spanWidth; index++) total[index] = (total[index] ?? 0) + (tick[index] ?? 0);
    },
    last: (seconds) => (seconds <= hourSeconds ? parts : hours).since(newestSeconds - seconds),
    total: () => toSpan(total),
  };
}
