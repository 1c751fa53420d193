import { createRandom } from '../../load-shapes/index.ts';
import { chooseFailure, type WeightedFailure } from './error-kinds.ts';
import { type LatencyDistribution, latencyQuantile } from './latency-distribution.ts';

/** The faults of all requests, besides the wait for their turn. */
export interface Behaviour {
  readonly latency: LatencyDistribution;
  readonly errors: {
    readonly percent: number;
    readonly kinds: readonly WeightedFailure[];
    /** How much later a request is answered whose failure is a delay. */
    readonly delayMs: number;
  };
  /** CPU time that each request uses. */
  readonly cpuMs: number;
  /** Memory that each request holds until it is answered. */
  readonly memoryMib: number;
}

type Settable = Omit<Behaviour, 'errors'> & Behaviour['errors'];

/** Faults that take the place of those of a behaviour; undefined ones do not. */
export type Overrides = { readonly [Fault in keyof Settable]?: Settable[Fault] | undefined };

export function overridden({ errors, ...base }: Behaviour, by: Overrides): Behaviour {
  return {
    latency: by.latency ?? base.latency,
    errors: {
      percent: by.percent ?? errors.percent,
      kinds: by.kinds ?? errors.kinds,
      delayMs: by.delayMs ?? errors.delayMs,
    },
    cpuMs: by.cpuMs ?? base.cpuMs,
    memoryMib: by.memoryMib ?? base.memoryMib,
  };
}

/** The random draws of one request, each from [0, 1). */
export interface Luck {
  readonly latency: number;
  readonly error: number;
  readonly kind: number;
}

/**
 * The draws of one request after the other. Each purpose has a stream of its own, and every request takes one draw from each,
 * used or not: the n-th request has the same luck whatever is turned on or off, also at run time.
 */
export function createLuck(seed: number): () => Luck {
  const latency = createRandom(seed, 1);
  const error = createRandom(seed, 2);
  const kind = createRandom(seed, 3);
  return () => ({ latency: latency(), error: error(), kind: kind() });
}

export type Fate = ReturnType<typeof fateOf>;

/** What happens to one request. A failure that is a delay is none, because the answer is right. */
export function fateOf({ latency, errors, cpuMs, memoryMib }: Behaviour, luck: Luck) {
  const waitMs = latencyQuantile(latency, luck.latency);
  // An independent draw for each request meets any share; a counter with a modulo would turn 40 % into 50 %.
  const failure = luck.error * 100 < errors.percent ? chooseFailure(errors.kinds, luck.kind) : undefined;
  if (failure?.kind !== 'delay') return { waitMs, cpuMs, memoryMib, failure };
  return { waitMs: waitMs + errors.delayMs, cpuMs, memoryMib, failure: undefined };
}
