import type { ServedSpan, Stateful } from '../../forecast/index.ts';
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
export interface ServedTime extends Stateful {
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
  /** What came since the newest part began; it is added to all sums once the part is over or somebody asks. */
  const pending = new Float64Array(spanWidth);
  let newestSeconds = Number.NEGATIVE_INFINITY;
  let partEndSeconds = Number.NEGATIVE_INFINITY;

  function settle(): void {
    if (pending[0] === 0) return;
    hours.add(newestSeconds, pending);
    parts.add(newestSeconds, pending);
    for (let index = 0; index < spanWidth; index++)
      total[index] = (total[index] ?? 0) + (pending[index] ?? 0);
    pending.fill(0);
  }

  return {
    get newestSeconds() {
      return newestSeconds;
    },
    add(atSeconds, seconds, forescale, reactive) {
      if (atSeconds > partEndSeconds) {
        settle();
        partEndSeconds = Math.ceil(atSeconds / partSeconds) * partSeconds;
      }
      newestSeconds = atSeconds;
      pending[0] = (pending[0] ?? 0) + seconds;
      if (forescale.isShort) pending[1] = (pending[1] ?? 0) + seconds;
      pending[2] = (pending[2] ?? 0) + forescale.replicas * seconds;
      if (reactive.isShort) pending[3] = (pending[3] ?? 0) + seconds;
      pending[4] = (pending[4] ?? 0) + reactive.replicas * seconds;
    },
    copyState(copier) {
      hours.copyState(copier);
      parts.copyState(copier);
      copier.numbers(total);
      copier.numbers(pending);
      newestSeconds = copier.number(newestSeconds);
      partEndSeconds = copier.number(partEndSeconds);
    },
    last(seconds) {
      settle();
      return (seconds <= hourSeconds ? parts : hours).since(newestSeconds - seconds);
    },
    total() {
      settle();
      return toSpan(total);
    },
  };
}
