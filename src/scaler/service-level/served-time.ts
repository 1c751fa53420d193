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
  /**
   * All that came, and behind it what came since the newest part began, which is added to all sums once the part is over or somebody
   * asks.
   */
  readonly #sums = new Float64Array(2 * spanWidth);
  #partEndSeconds = Number.NEGATIVE_INFINITY;
  /** What was told of all; undefined once it is more. */
  #told: ServedSpan | undefined;

  add(atSeconds: number, seconds: number, forescale: PlayedTick, reactive: PlayedTick): void {
    if (atSeconds > this.#partEndSeconds) {
      this.#settle();
      this.#partEndSeconds = Math.ceil(atSeconds / partSeconds) * partSeconds;
    }
    this.newestSeconds = atSeconds;
    this.#addPending(0, seconds);
    if (forescale.isShort) this.#addPending(1, seconds);
    this.#addPending(2, forescale.replicas * seconds);
    if (reactive.isShort) this.#addPending(3, seconds);
    this.#addPending(4, reactive.replicas * seconds);
  }

  copyState(copier: StateCopier): void {
    this.#hours.copyState(copier);
    this.#parts.copyState(copier);
    copier.numbers(this.#sums);
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
    this.#told ??= toSpan(this.#sums);
    return this.#told;
  }

  #addPending(index: number, value: number): void {
    const place = spanWidth + index;
    this.#sums[place] = (this.#sums[place] ?? 0) + value;
  }

  #settle(): void {
    const sums = this.#sums;
    if (sums[spanWidth] === 0) return;
    const pending = sums.subarray(spanWidth);
    this.#told = undefined;
    this.#hours.add(this.newestSeconds, pending);
    this.#parts.add(this.newestSeconds, pending);
    for (let index = 0; index < spanWidth; index++) sums[index] = (sums[index] ?? 0) + (pending[index] ?? 0);
    pending.fill(0);
  }
}
