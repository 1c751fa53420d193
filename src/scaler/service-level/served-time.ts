import type { ServedSpan, StateCopier, Stateful } from '../../forecast/index.ts';
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
  /** Everything since the first tick; it only grows. The same object while nothing was added. */
  total(): ServedSpan;
}

export function createServedTime(): ServedTime {
  return new WeekOfService();
}

/** A class, as StartingFleet of the controllers is. */
class WeekOfService implements ServedTime {
  newestSeconds = Number.NEGATIVE_INFINITY;
  readonly #hours = createServedSlots(hourSeconds, keptHours);
  readonly #parts = createServedSlots(partSeconds, keptParts);
  readonly #total = new Float64Array(spanWidth);
  /** What came since the newest part began; it is added to all sums once the part is over or somebody asks. */
  readonly #pending = new Float64Array(spanWidth);
  #partEndSeconds = Number.NEGATIVE_INFINITY;
  /** What was told of all; undefined once it is more. */
  #told: ServedSpan | undefined;

  add(atSeconds: number, seconds: number, forescale: PlayedTick, reactive: PlayedTick): void {
    if (atSeconds > this.#partEndSeconds) {
      this.#settle();
      this.#partEndSeconds = Math.ceil(atSeconds / partSeconds) * partSeconds;
    }
    this.newestSeconds = atSeconds;
    const pending = this.#pending;
    pending[0] = (pending[0] ?? 0) + seconds;
    if (forescale.isShort) pending[1] = (pending[1] ?? 0) + seconds;
    pending[2] = (pending[2] ?? 0) + forescale.replicas * seconds;
    if (reactive.isShort) pending[3] = (pending[3] ?? 0) + seconds;
    pending[4] = (pending[4] ?? 0) + reactive.replicas * seconds;
  }

  copyState(copier: StateCopier): void {
    this.#hours.copyState(copier);
    this.#parts.copyState(copier);
    copier.numbers(this.#total);
    copier.numbers(this.#pending);
    this.newestSeconds = copier.number(this.newestSeconds);
    this.#partEndSeconds = copier.number(this.#partEndSeconds);
    this.#told = undefined;
  }

  last(seconds: number): ServedSpan {
    this.#settle();
    return (seconds <= hourSeconds ? this.#parts : this.#hours).since(this.newestSeconds - seconds);
  }

  total(): ServedSpan {
    this.#settle();
    this.#told ??= toSpan(this.#total);
    return this.#told;
  }

  #settle(): void {
    const pending = this.#pending;
    if (pending[0] === 0) return;
    this.#told = undefined;
    this.#hours.add(this.newestSeconds, pending);
    this.#parts.add(this.newestSeconds, pending);
    for (let index = 0; index < spanWidth; index++)
      this.#total[index] = (this.#total[index] ?? 0) + (pending[index] ?? 0);
    pending.fill(0);
  }
}
