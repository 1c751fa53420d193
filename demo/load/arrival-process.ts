import type { LoadShape } from '../../src/load-shapes/index.ts';
import { createRandom } from '../../src/load-shapes/index.ts';
import type { Clock } from '../../src/platform/clock.ts';
import { arrivals, evenGap, poissonGap } from './arrivals.ts';

/** Length of a tick. Arrivals between two ticks are sent together, so a tick is much shorter than a latency. */
const tickMs = 20;

export interface ArrivalProcessOptions {
  readonly rateAt: LoadShape;
  readonly clock: Clock;
  readonly seed: number;
  /** With `poisson` (the default) requests arrive as those of independent users do, with `even` at equal distances. */
  readonly arrivals?: 'poisson' | 'even';
  readonly onArrival: () => void;
}

export interface ArrivalProcess {
  start(): void;
  stop(): void;
}

/** Calls for arrivals at the wanted rate, whether or not earlier ones were answered: an open model. */
export function createArrivalProcess(options: ArrivalProcessOptions): ArrivalProcess {
  const { rateAt, clock, onArrival } = options;
  const gap = options.arrivals === 'even' ? evenGap : poissonGap(createRandom(options.seed));
  let untilNext = gap();
  let ticking: NodeJS.Timeout | undefined;
  return {
    start() {
      let from = clock();
      ticking ??= setInterval(() => {
        const to = clock();
        const due = arrivals(rateAt, from, to, untilNext, gap);
        untilNext = due.untilNext;
        from = to;
        for (let i = 0; i < due.count; i++) onArrival();
      }, tickMs);
    },
    stop: () => clearInterval(ticking),
  };
}
