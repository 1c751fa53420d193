import type { Timers } from '../timers.ts';

export interface CapacityOptions {
  /** Pace at which requests get their turn; undefined: as they come. */
  readonly requestsPerSecond: number | undefined;
  /** Requests served at once; undefined: any number. */
  readonly concurrency: number | undefined;
  /** Requests that may wait; undefined: a second of work. */
  readonly queueLimit: number | undefined;
  readonly queueTimeoutMs: number;
  /** Share of the capacity there is now, above 0. */
  readonly factor: () => number;
  readonly timers: Timers;
}

/** Somebody who wants to be served: exactly one of the two is called, at once or later, unless it withdraws. */
interface Visitor {
  /** Its turn has come; `leave` is to be called when it is done. */
  readonly serve: (leave: () => void) => void;
  readonly shed: (reason: 'queue-full' | 'queue-timeout', retryAfterSeconds: number) => void;
}

export interface Capacity {
  /** What it returns gives up the place in the queue, and does nothing when there is none any more. */
  enter(visitor: Visitor): () => void;
  queued(): number;
  /** Requests per second it can serve now. */
  requestsPerSecond(): number | undefined;
  /** Requests it can serve at once now. */
  concurrency(): number | undefined;
}

interface Waiting {
  readonly visitor: Visitor;
  readonly sinceMs: number;
}

/** Where only the concurrency is limited nobody knows what a second of work is. */
const queuePerConcurrency = 10;
/** While the capacity grows the next turn comes sooner than the pace of now promises. */
const growingWakeMs = 10;
/** Less than this part of a request is rounding. */
const tolerance = 1e-9;

/**
 * A server with one queue, first come first served. With a pace it is the single server of queueing theory: every
 * turn takes up 1/requestsPerSecond, so waits grow with the load as M/D/1 says and the queue overflows beyond it. Turns
 * are computed, not slept for: a timer that is late delays an answer, but takes nothing from the capacity.
 */
export function createCapacity(options: CapacityOptions): Capacity {
  const { factor, queueTimeoutMs, timers } = options;
  const queueLimit = options.queueLimit ?? secondOfWork(options);
  const waiting = new Set<Waiting>();
  let inService = 0;
  /** Requests begun whose time is not used up; 0 or less: the next may begin. */
  let debt = 0;
  let atMs = timers.nowMs();
  let factorThen = factor();
  let isAdmitting = false;
  let cancelWake: (() => void) | undefined;

  const requestsPerSecond = () => scaled(options.requestsPerSecond, factor());
  const concurrency = () => {
    const slots = scaled(options.concurrency, factor());
    return slots === undefined ? undefined : Math.max(1, Math.floor(slots));
  };
  const isFull = () => inService >= (concurrency() ?? Number.POSITIVE_INFINITY);
  const hasTurn = () => !isFull() && debt <= tolerance;

  function payDebt(): void {
    const nowMs = timers.nowMs();
    const factorNow = factor();
    if (options.requestsPerSecond !== undefined) {
      const meanFactor = (factorThen + factorNow) / 2;
      debt -= ((nowMs - atMs) / 1000) * options.requestsPerSecond * meanFactor;
      // Time that nobody used is lost; time for which somebody waited is not, however late this is called.
      if (waiting.size === 0 || isFull()) debt = Math.max(debt, 0);
    }
    [atMs, factorThen] = [nowMs, factorNow];
  }

  function begin({ serve }: Visitor): void {
    if (options.requestsPerSecond !== undefined) debt += 1;
    inService++;
    let hasLeft = false;
    serve(() => {
      if (hasLeft) return;
      hasLeft = true;
      payDebt();
      inService--;
      admitWaiting();
    });
  }

  function admitWaiting(): void {
    // A visitor may leave while it is being served its turn; the loop below then goes on by itself.
    if (isAdmitting) return;
    isAdmitting = true;
    payDebt();
    for (const one of waiting) {
      const hasWaitedMs = atMs - one.sinceMs;
      if (hasTurn()) {
        waiting.delete(one);
        begin(one.visitor);
      } else if (hasWaitedMs >= queueTimeoutMs) {
        waiting.delete(one);
        one.visitor.shed('queue-timeout', retryAfterSeconds());
      } else break;
    }
    isAdmitting = false;
    wakeForNext();
  }

  function wakeForNext(): void {
    cancelWake?.();
    cancelWake = undefined;
    const [next] = waiting;
    if (next === undefined) return;
    const untilTimeoutMs = next.sinceMs + queueTimeoutMs - atMs;
    const pace = requestsPerSecond();
    const untilTurnMs = pace === undefined || isFull() ? Number.POSITIVE_INFINITY : (debt / pace) * 1000;
    const growingMs = factorThen < 1 ? growingWakeMs : Number.POSITIVE_INFINITY;
    cancelWake = timers.after(Math.min(untilTimeoutMs, untilTurnMs, growingMs), admitWaiting);
  }

  const retryAfterSeconds = () => Math.max(1, Math.ceil(waiting.size / (requestsPerSecond() ?? Infinity)));

  return {
    enter(visitor) {
      admitWaiting();
      if (waiting.size === 0 && hasTurn()) {
        begin(visitor);
        return () => {};
      }
      if (waiting.size >= queueLimit) {
        visitor.shed('queue-full', retryAfterSeconds());
        return () => {};
      }
      const one: Waiting = { visitor, sinceMs: atMs };
      waiting.add(one);
      wakeForNext();
      return () => {
        if (waiting.delete(one)) admitWaiting();
      };
    },
    queued: () => waiting.size,
    requestsPerSecond,
    concurrency,
  };
}

function scaled(limit: number | undefined, factor: number): number | undefined {
  return limit === undefined ? undefined : limit * factor;
}

function secondOfWork({ requestsPerSecond, concurrency = 1 }: CapacityOptions): number {
  return requestsPerSecond === undefined ? concurrency * queuePerConcurrency : Math.ceil(requestsPerSecond);
}
