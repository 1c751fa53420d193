import type { Clock } from '../platform/clock.ts';
import type { ForescaleError } from '../platform/errors.ts';

/** When work is repeated, and when it is repeated less often because it fails. */
interface Rhythm {
  readonly intervalSeconds: number;
  /** Longest wait between two attempts that fail; an interval where that is longer. */
  readonly longestSeconds: number;
}

interface LoopOptions extends Rhythm {
  readonly clock: Clock;
  /**
   * Waits for the turn to begin work that is repeated. The loops of thousands of workloads wake in the same millisecond, because
   * replicas ask at the same quantised time, and beginning a refresh takes a tenth of one.
   */
  readonly takeTurn?: () => Promise<void>;
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
export function quantised(nowSeconds: number, intervalSeconds: number): number {
  return Math.floor((nowSeconds - settleSeconds(intervalSeconds) / 2) / intervalSeconds) * intervalSeconds;
}

/**
 * When work is done next: in the next interval, after the second failure in a row in the one after it, and so on with twice as many
 * intervals each time, up to the longest wait. A source that asks to be left alone longer is left alone.
 */
export function nextAttemptSeconds(
  nowSeconds: number,
  { intervalSeconds, longestSeconds }: Rhythm,
  failures: number,
  retryAfterSeconds = 0,
): number {
  const start = quantised(nowSeconds, intervalSeconds);
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
  const { clock, signal, takeTurn = async () => undefined } = options;
  const first = work();
  let wake = () => {};
  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(() => wake(), ms).unref();
      wake = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      signal.addEventListener('abort', wake, { once: true });
    });
  const repeat = async () => {
    let failures = 0;
    let failure = await first;
    while (!signal.aborted) {
      failures = failure === undefined ? 0 : failures + 1;
      const now = clock();
      const next = nextAttemptSeconds(now, options, failures, failure?.retryAfterSeconds);
      await pause(Math.max(1, (next - now) * 1000));
      if (!signal.aborted) await takeTurn();
      if (!signal.aborted) failure = await work();
    }
  };
  return { first: first.then(() => undefined), ended: repeat(), wake: () => wake() };
}
