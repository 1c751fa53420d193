import type { Clock } from '../platform/clock.ts';
import type { ForescaleError } from '../platform/errors.ts';
import { type Sleeper, type Sleepers, sleepFor } from '../platform/turns/alarms.ts';

/** When work is repeated, and when it is repeated less often because it fails. */
interface Rhythm {
  readonly intervalSeconds: number;
  /** Longest wait between two attempts that fail; an interval where that is longer. */
  readonly longestSeconds: number;
  /** How long after a multiple of the interval an interval begins (default 0). */
  readonly phaseSeconds?: number;
}

interface LoopOptions extends Rhythm {
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Time left for the newest scrape to arrive, so that the replica that asks first does not miss what the other sees. */
function settleSeconds(intervalSeconds: number): number {
  return Math.min(1, intervalSeconds / 10);
}

/**
 * The start of the interval in which a question counts, so that replicas that ask in the same interval get the same answer.
 * Half the time to settle already counts as the next interval: timers fire some milliseconds early, and an interval that is
 * left out would make its workloads blind.
 */
export function quantised(nowSeconds: number, intervalSeconds: number, phaseSeconds = 0): number {
  const sinceSeconds = nowSeconds - phaseSeconds - settleSeconds(intervalSeconds) / 2;
  return Math.floor(sinceSeconds / intervalSeconds) * intervalSeconds + phaseSeconds;
}

/** Parts of an interval at which intervals begin, and how many of them one group uses. */
const phases = 10;
const phasesPerGroup = 2;

/**
 * When the intervals of a loop begin, so that a source is asked all the time and not by everybody at once. It is chance, but the same
 * chance in every replica. One group uses few phases, because what is asked at the same time is asked together.
 */
export function phaseOf(group: string, member: string, intervalSeconds: number): number {
  const own = (hash(member) % phasesPerGroup) * (phases / phasesPerGroup);
  return (((hash(group) + own) % phases) * intervalSeconds) / phases;
}

/** FNV-1a of 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  return value >>> 0;
}

/**
 * When work is done next: in the next interval, after the second failure in a row in the one after it, and so on with twice as many
 * intervals each time, up to the longest wait. A source that asks to be left alone longer is left alone.
 */
export function nextAttemptSeconds(
  nowSeconds: number,
  { intervalSeconds, longestSeconds, phaseSeconds = 0 }: Rhythm,
  failures: number,
  retryAfterSeconds = 0,
): number {
  const start = quantised(nowSeconds, intervalSeconds, phaseSeconds);
  const settle = settleSeconds(intervalSeconds);
  const most = Math.max(1, Math.floor(longestSeconds / intervalSeconds));
  const backedOff = Math.min(most, 2 ** Math.max(0, failures - 1));
  const wanted = Math.ceil((nowSeconds + retryAfterSeconds - start - settle) / intervalSeconds);
  return start + Math.max(backedOff, wanted) * intervalSeconds + settle;
}

/** Work that is repeated. */
export interface RefreshLoop {
  /** Settles when the first work is over. */
  readonly first: Promise<void>;
  /** Settles when the signal has aborted and no work is under way. */
  readonly ended: Promise<void>;
  /** Ends the present pause. */
  wake(): void;
}

/**
 * Does work at once and then once per interval until the signal aborts; who aborts it wakes the loop. `work` answers with its failure, if
 * it had one, and never rejects.
 */
export function startLoop(
  work: () => Promise<ForescaleError | undefined>,
  options: LoopOptions,
): RefreshLoop {
  return new SleepingLoop(work, options);
}

/** A class, as StartingFleet of the controllers is: each model has two. */
class SleepingLoop implements RefreshLoop, Sleeper {
  readonly first: Promise<void>;
  readonly #work: () => Promise<ForescaleError | undefined>;
  readonly #options: LoopOptions;
  #failures = 0;
  /** Those it sleeps among; undefined while work is under way, and when it has ended. */
  #among: Sleepers | undefined;
  #isOver = false;
  /** Undefined before somebody waits for the end. */
  #end: PromiseWithResolvers<void> | undefined;

  constructor(work: () => Promise<ForescaleError | undefined>, options: LoopOptions) {
    this.#work = work;
    this.#options = options;
    this.first = this.#attempt();
  }

  get ended(): Promise<void> {
    if (this.#isOver) return Promise.resolve();
    this.#end ??= Promise.withResolvers();
    return this.#end.promise;
  }

  wake(): void {
    if (this.#among === undefined) return;
    this.#among.delete(this);
    this.#among = undefined;
    if (this.#options.signal.aborted) this.#finish();
    else void this.#attempt();
  }

  async #attempt(): Promise<void> {
    try {
      this.#pauseAfter(await this.#work());
    } catch {
      this.#finish();
    }
  }

  #pauseAfter(failure: ForescaleError | undefined): void {
    const { clock, signal } = this.#options;
    if (signal.aborted) {
      this.#finish();
      return;
    }
    this.#failures = failure === undefined ? 0 : this.#failures + 1;
    const now = clock();
    const next = nextAttemptSeconds(now, this.#options, this.#failures, failure?.retryAfterSeconds);
    this.#among = sleepFor(Math.max(1, (next - now) * 1000), this);
  }

  #finish(): void {
    this.#isOver = true;
    this.#end?.resolve();
  }
}
