import type { ApiOptions } from '../../../../src/api/ports.ts';
import type { Decision } from '../../../../src/forecast/workload-view.ts';
import {
  apiOptions,
  demandAt,
  directoryOf,
  goodDecision,
  goodOutcome,
  modelOf,
  nowSeconds,
  taught,
  workloadOf,
} from '../../../edges/api/fixture.ts';

/** A server with three workloads: in one the forecast decides, one still learns, and one is blind. */
export function pageOptions(overrides: Partial<ApiOptions> = {}): ApiOptions {
  // The server's time goes on from the fixture's, so that the page sees a signal that moves.
  const startedMs = performance.now();
  const clock = () => nowSeconds + (performance.now() - startedMs) / 1000;
  const deciding = (decision: Partial<Decision>) => () => ({
    ...goodDecision,
    atSeconds: clock(),
    ...decision,
  });
  const learned = modelOf(taught(9));
  const workloads = [
    workloadOf(learned, {
      decision: deciding({ signal: demandAt(nowSeconds) + 22, askedLevel: goodOutcome.askedLevel }),
      outcome: () => goodOutcome,
    }),
    workloadOf(modelOf(taught(0)), {
      name: 'newcomer',
      decision: deciding({
        predictedPeak: undefined,
        trust: undefined,
        basis: 'observed',
        signal: 40,
        fallbackReasons: ['has 6h, needs 2d'],
      }),
    }),
    workloadOf(learned, {
      name: 'search',
      decision: deciding({ fresh: false, basis: 'last-good', fallbackReasons: ['no fresh observation'] }),
    }),
  ];
  return apiOptions({
    directory: directoryOf(workloads),
    clock,
    ...overrides,
  });
}
