import type { LoadSettings } from './read-settings.ts';
import { arrivalsOf, ratesOf, type Stages } from './stages.ts';

/** Waiting for an answer longer than this is no good answer any more. */
const patienceSeconds = 5;
/** k6 would otherwise wait half a minute for the last answers. */
const gracefulStop = '5s';

/** The statistics of a trend that the summary shows. */
const summaryTrendStats = ['min', 'med', 'p(95)', 'p(99)', 'max', 'count'];

/**
 * k6 options of an open model: arrivals come at the wanted rate whether or not earlier ones were answered, as those
 * of users do; a closed one slows down with the system and hides its overload. What could not be sent, because too
 * many were waiting, is counted, and too much of it fails the test: the load was not the one that was wanted.
 * `latency` is the trend that is judged, of all requests or those with the tag `of`; the summary shows it, and each
 * of `parts` (such as `name:GET /readyz`).
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
