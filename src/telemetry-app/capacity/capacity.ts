import { createService, type ServiceOptions } from './service.ts';

export interface CapacityOptions extends ServiceOptions {
  /** Number of requests that may wait; undefined: as many as are served in a second. */
  readonly queueLimit: number | undefined;
  readonly queueTimeoutMs: number;
}

/** The turn of a request, which is served until `leave` is called. */
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
  const { queueTimeoutMs, timers, requestsPerSecond, concurrency = 1 } = options;
  const secondOfWork = requestsPerSecond ?? concurrency * queuePerConcurrency;
  const { queueLimit = Math.ceil(secondOfWork) } = options;
  const service = createService(options);
  const waiting = new Set<Waiting>();
  let cancelWake = () => {};

  function reject(reason: Rejection['reason']): Rejection {
    const seconds = waiting.size / (service.perSecond() ?? Number.POSITIVE_INFINITY);
    return { kind: 'rejected', reason, retryAfterSeconds: Math.max(1, Math.ceil(seconds)) };
  }
  function begin(): Turn {
    service.begin();
    return { kind: 'turn', leave };
  }
  function leave(): void {
    service.catchUp(waiting.size === 0);
    service.end();
    admitWaiting();
  }
  function admitWaiting(): void {
    service.catchUp(waiting.size === 0);
    for (const one of waiting) {
      const isTooLate = service.atMs() - one.sinceMs >= queueTimeoutMs;
      if (!service.hasTurn() && !isTooLate) break;
      waiting.delete(one);
      one.settle(service.hasTurn() ? begin() : reject('queue-timeout'));
    }
    wakeForNext();
  }
  function wakeForNext(): void {
    cancelWake();
    const [next] = waiting;
    if (next === undefined) return;
    const untilTimeoutMs = next.sinceMs + queueTimeoutMs - service.atMs();
    const growingMs = service.isGrowing() ? growingWakeMs : Number.POSITIVE_INFINITY;
    cancelWake = timers.after(Math.min(untilTimeoutMs, service.msUntilTurn(), growingMs), admitWaiting);
  }
  const wait = (gone: AbortSignal) =>
    new Promise<Turn | Rejection>((settle, fail) => {
      const one = { sinceMs: service.atMs(), settle };
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
      if (waiting.size === 0 && service.hasTurn()) return begin();
      return waiting.size < queueLimit ? wait(gone) : reject('queue-full');
    },
    /** Number of requests that wait. */
    queued: () => waiting.size,
    requestsPerSecond: service.perSecond,
    concurrency: service.concurrency,
  };
}
