import { formatDuration } from '../src/platform/duration.ts';
import { demandMetric } from './ingress.ts';
import { scene } from './scene.ts';

/** A fleet and the ScaledObject it is scaled by. */
export interface Contestant {
  /** Of the fleet: on the page, in the summary, and as the label `fleet` in Prometheus. */
  readonly name: 'forescale' | 'reactive';
  readonly scaledObject: {
    readonly namespace: string;
    readonly name: string;
    readonly metadata: Readonly<Record<string, string>>;
  };
}

/**
 * One ScaledObject twice: what differs is the fleet whose demand it asks for, and `mode`. The reactive value is the
 * observed one to the digit, as from KEDA's own prometheus trigger: `hpaTolerance: 0` keeps Forescale from raising it
 * past the HPA's tolerance, and denies itself the same.
 */
export const contestants: readonly Contestant[] = [
  contestant('forescale', 'app-a', 'active'),
  contestant('reactive', 'app-a-reactive', 'reactive'),
];

function contestant(fleet: Contestant['name'], name: string, mode: 'active' | 'reactive'): Contestant {
  const { daySeconds, historyDays, rateWindowSeconds, startUpSeconds } = scene;
  const seconds = (duration: number) => formatDuration(duration);
  return {
    name: fleet,
    scaledObject: {
      namespace: 'demo',
      name,
      metadata: {
        query: `sum(rate(${demandMetric}{fleet="${fleet}"}[${seconds(rateWindowSeconds)}]))`,
        threshold: String(scene.targetRequestsPerSecond),
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
