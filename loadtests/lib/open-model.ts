import type { LoadSettings } from './read-settings.ts';
import { arrivalsOf, ratesOf, type Stages } from './stages.ts';

/** Longest time that a user waits for an answer. Enough virtual users are kept to send on time while answers take this long. */
const patienceSeconds = 5;
/** Time that k6 waits for the last answers; its default is half a minute. */
const gracefulStop = '5s';

/** Statistics of a trend that the summary shows. */
const summaryTrendStats = ['min', 'med', 'p(95)', 'p(99)', 'max', 'count'];

/**
 * k6 options of an open model: arrivals come at the wanted rate whether or not earlier ones were answered, as users do. A
 * closed model would slow down with the system and hide its overload. Arrivals that could not be sent, because too many were
 * waiting, are counted, and too many of them fail the test, because the load was not the wanted one. `latency` is the trend
 * that is judged, over all requests or over those with the tag `of`. The summary shows it and each of `parts` (such as
 * `name:GET /readyz`).
 */
export function openModel(
  settings: LoadSettings,
  stages: Stages,
  judged: {
    readonly latency: string;
    readonly of?: string;
    readonly failures?: string;
    readonly parts?: readonly string[];
  },
) {
  const { latency, of, failures, parts = [] } = judged;
  const peak = Math.max(...ratesOf(stages));
  const maxVUs = settings.maxVus ?? Math.min(20_000, Math.ceil(peak * patienceSeconds) + 5);
  const allocated = Math.min(maxVUs, Math.ceil((peak * settings.maxP95Ms * 1.5) / 1000) + 2);
  const quick = [`p(95)<${settings.maxP95Ms}`];
  const droppable = Math.max(1, Math.floor(arrivalsOf(stages) * settings.maxDropped));
  return {
    scenarios: {
      load: {
        executor: 'ramping-arrival-rate' as const,
        exec: 'load',
        ...stages,
        preAllocatedVUs: allocated,
        maxVUs,
        gracefulStop,
      },
    },
    thresholds: {
      [of === undefined ? latency : `${latency}{${of}}`]: quick,
      ...Object.fromEntries(parts.map((part) => [`${latency}{${part}}`, quick])),
      ...(failures === undefined ? {} : { [failures]: [`rate<${settings.maxErrors}`] }),
      checks: [`rate>${Number((1 - settings.maxErrors).toFixed(9))}`],
      dropped_iterations: [`count<=${droppable}`],
    },
    summaryTrendStats,
  };
}
