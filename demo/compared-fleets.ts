import { formatDuration } from '../src/platform/duration.ts';
import { demandMetric } from './ingress.ts';
import { scenario } from './scenario.ts';

/** One of the fleets that are compared, and the ScaledObject that scales it. */
export interface ComparedFleet {
  /** What the fleet is called on the page, in the summary, and by the label `fleet` in Prometheus. */
  readonly name: 'forescale' | 'reactive';
  readonly scaledObject: {
    readonly namespace: string;
    readonly name: string;
    readonly metadata: Readonly<Record<string, string>>;
  };
}

/**
 * The fleets that are compared. Their ScaledObjects differ in the fleet whose demand they query and in `mode`.
 * `hpaTolerance: 0` keeps Forescale from raising a value over the HPA's tolerance, so that the reactive value is, to the
 * digit, the observed one that KEDA's own prometheus trigger would report; the other fleet does without it as well.
 */
export const comparedFleets: readonly ComparedFleet[] = [
  comparedFleet('forescale', 'app-a', 'active'),
  comparedFleet('reactive', 'app-a-reactive', 'reactive'),
];

function comparedFleet(
  fleet: ComparedFleet['name'],
  name: string,
  mode: 'active' | 'reactive',
): ComparedFleet {
  const { daySeconds, historyDays, rateWindowSeconds, startUpSeconds } = scenario;
  const seconds = (duration: number) => formatDuration(duration);
  return {
    name: fleet,
    scaledObject: {
      namespace: 'demo',
      name,
      metadata: {
        query: `sum(rate(${demandMetric}{fleet="${fleet}"}[${seconds(rateWindowSeconds)}]))`,
        threshold: String(scenario.targetRequestsPerSecond),
        mode,
        hpaTolerance: '0',
        seasons: `${seconds(daySeconds)},${seconds(7 * daySeconds)}`,
        queryStep: '1s',
        leadTime: seconds(startUpSeconds),
        predictHorizon: seconds(daySeconds),
        historyTimeWindow: seconds(historyDays * daySeconds),
      },
    },
  };
}
