import type { ApiOptions, Fleet } from '../../../../src/api/ports.ts';
import type { Decision } from '../../../../src/forecast/workload-view.ts';
import {
  apiOptions,
  demandAt,
  directoryOf,
  goodDecision,
  modelOf,
  nowSeconds,
  taught,
  workloadOf,
} from '../../../edges/api/fixture.ts';

/** A server with a workload whose forecast is in charge, one that still learns and one that is blind. */
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
    workloadOf(learned, { decision: deciding({ signal: demandAt(nowSeconds) + 22 }) }),
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
  const fleet = (name: string, lagSeconds: number): Fleet => ({
    name,
    samples: Array.from({ length: 240 }, (_, index) => {
      const t = nowSeconds - (239 - index) * 300;
      const demand = demandAt(t);
      const ready = Math.ceil(demandAt(t - lagSeconds) / 20);
      const shed = lagSeconds > 0 ? index : 0;
      return { t, replicas: ready, ready, demand, capacity: ready * 20, shed, p95Ms: 40 + shed };
    }),
  });
  return apiOptions({
    directory: directoryOf(workloads),
    clock,
    pageExtras: {
      fleets: () => [fleet('forescale', -600), fleet('reactive', 900)],
      note: () => 'It is Tuesday.',
    },
    ...overrides,
  });
}
