import { createPace, type Pace, type PaceOptions } from './pace.ts';

export interface CapacityOptions extends PaceOptions {
  /** Number of requests served at once; undefined: any number. */
  readonly concurrency: number | undefined;
  /** Number of requests that may wait; undefined: as many as are served in a second. */
  readonly queueLimit: number | undefined;
  readonly queueTimeoutMs: number;
}

/** The turn of a request, which is served until `leave` is called. Calling `leave` again does nothing. */
interface Turn {
  readonly kind: 'turn';
  leave(): void;
}

/** There is no turn for a request: the queue is full, or the request has waited for the longest time allowed. */
export interface Rejection {
  readonly kind: 'rejected';
  readonly reason: 'queue-full' | 'queue-timeout';
  readonly retryAfterSeconds: number;
}

export type Capacity = ReturnType<typeof createCapacity>;

interface Waiting {
  readonly sinceMs: number;
  readonly settle: (outcome: Turn | Rejection) => void;
}

/** Queue limit for each request served at once, where there is no rate to tell how many are served in a second. */
const queuePerConcurrency = 10;
/** While the capacity grows the next turn comes sooner than the present rate says, so the queue is looked at this often. */
const growingWakeMs = 10;

/**
 * A server with one queue, first come first served. With a rate it is the single server of queueing theory: every
 * turn takes up 1/requestsPerSecond, so waits grow with the load as M/D/1 says and the queue overflows beyond it.
 */
export function createCapacity(options: CapacityOptions) {
  const { queueTimeoutMs, timers } = options;
  const queueLimit = options.queueLimit ?? secondOfWork(options);
  const pace = createPace(options);
  const server = createServer(options, pace);
  const waiting = new Set<Waiting>();
  let cancelWake: (() => void) | undefined;

  const begin = () => server.begin(() => waiting.size === 0, admitWaiting);
  const reject = (reason: Rejection['reason']): Rejection => {
    const seconds = waiting.size / (pace.perSecond() ?? Number.POSITIVE_INFINITY);
    return { kind: 'rejected', reason, retryAfterSeconds: Math.max(1, Math.ceil(seconds)) };
  };

  function admitWaiting(): void {
    server.catchUp(waiting.size === 0);
    for (const one of waiting) {
      const isTooLate = pace.atMs() - one.sinceMs >= queueTimeoutMs;
      if (!server.hasTurn() && !isTooLate) break;
      waiting.delete(one);
      one.settle(server.hasTurn() ? begin() : reject('queue-timeout'));
    }
    wakeForNext();
  }

  function wakeForNext(): void {
    cancelWake?.();
    cancelWake = undefined;
    const [next] = waiting;
    if (next === undefined) return;
    const untilTimeoutMs = next.sinceMs + queueTimeoutMs - pace.atMs();
    const untilTurnMs = server.isFull() ? Number.POSITIVE_INFINITY : pace.msUntilDue();
    const growingMs = pace.isGrowing() ? growingWakeMs : Number.POSITIVE_INFINITY;
    cancelWake = timers.after(Math.min(untilTimeoutMs, untilTurnMs, growingMs), admitWaiting);
  }

  const wait = (gone: AbortSignal) =>
    new Promise<Turn | Rejection>((settle, fail) => {
      const one = { sinceMs: pace.atMs(), settle };
      waiting.add(one);
      wakeForNext();
      const giveUp = () => {
        if (!waiting.delete(one)) return;
        fail(gone.reason);
        admitWaiting();
      };
      gone.addEventListener('abort', giveUp, { once: true });
    });

  return {
    /**
     * Waits for the turn of a request. When `gone` aborts before the turn has come, the promise rejects with its reason and
     * the place in the queue is free.
     */
    async turn(gone: AbortSignal): Promise<Turn | Rejection> {
      gone.throwIfAborted();
      admitWaiting();
      if (waiting.size === 0 && server.hasTurn()) return begin();
      return waiting.size < queueLimit ? wait(gone) : reject('queue-full');
    },
    /** Number of requests that wait. */
    queued: () => waiting.size,
    /** Requests per second it can serve now. */
    requestsPerSecond: pace.perSecond,
    /** Requests it can serve at once now. */
    concurrency: server.concurrency,
  };
}

/** The requests being served: how many at once, and when the next may begin. */
function createServer({ concurrency: limit, factor }: CapacityOptions, pace: Pace) {
  let inService = 0;
  const concurrency = () => (limit === undefined ? undefined : Math.max(1, Math.floor(limit * factor())));
  const isFull = () => inService >= (concurrency() ?? Number.POSITIVE_INFINITY);
  /** Time is used where somebody waited for it and a place was free; time without either is lost. */
  const catchUp = (isNobodyWaiting: boolean) => pace.catchUp(isNobodyWaiting || isFull());
  return {
    concurrency,
    isFull,
    catchUp,
    hasTurn: () => !isFull() && pace.isDue(),
    begin(isNobodyWaiting: () => boolean, onLeft: () => void): Turn {
      let hasLeft = false;
      pace.take();
      inService++;
      const leave = () => {
        if (hasLeft) return;
        hasLeft = true;
        catchUp(isNobodyWaiting());
        inService--;
        onLeft();
      };
      return { kind: 'turn', leave };
    },
  };
}

function secondOfWork({ requestsPerSecond, concurrency = 1 }: CapacityOptions): number {
  return requestsPerSecond === undefined ? concurrency * queuePerConcurrency : Math.ceil(requestsPerSecond);
}
