import type { Clock } from '../platform/clock.ts';
import type { ForescaleError } from '../platform/errors.ts';
import { wakeIn } from '../platform/turns/alarms.ts';

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

/**
 * Does work at once and then once per interval until the signal aborts. `work` answers with its failure, if it had one, and never
 * rejects. `wake` ends the present pause.
 */
export function startLoop(work: () => Promise<ForescaleError | undefined>, options: LoopOptions) {
  const { clock, signal } = options;
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  let failures = 0;
  /** Ends the present pause; undefined while work is under way. */
  let wake: (() => void) | undefined;
  const pauseAfter = (failure: ForescaleError | undefined) => {
    if (signal.aborted) return end();
    failures = failure === undefined ? 0 : failures + 1;
    const now = clock();
    const next = nextAttemptSeconds(now, options, failures, failure?.retryAfterSeconds);
    const stay = wakeIn(Math.max(1, (next - now) * 1000), () => wake?.());
    wake = () => {
      wake = undefined;
      stay();
      if (signal.aborted) end();
      else void work().then(pauseAfter, end);
    };
  };
  signal.addEventListener('abort', () => wake?.(), { once: true });
  const first = work();
  void first.then(pauseAfter, end);
  return { first: first.then(() => undefined), ended, wake: () => wake?.() };
}
