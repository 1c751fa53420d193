import { achievedService, type ServiceOutcome, type WorkloadView } from '../../forecast/index.ts';
import { type Attended, attentionOf } from '../answers/attention.ts';
import { recentPeak } from '../answers/next-peak.ts';
import { standingOf } from '../answers/standing.ts';
import { replicasAsked } from '../answers/workload-answers.ts';
import type { Answer } from '../instance.ts';
import type { ServerMode } from '../peers.ts';
import type { WorkloadListSchema } from '../schemas/workload-list.ts';

/** A workload as an entry of the list. */
export type ListItem = Answer<typeof WorkloadListSchema>['workloads'][number];

/** What was played for less than this says nothing about a week. */
const daySeconds = 86_400;

/** A workload as an entry of the list, from memory. `isOnly` = its ScaledObject has no other trigger. */
export function toListItem(
  workload: WorkloadView,
  { serverMode, nowSeconds, isOnly }: { serverMode: ServerMode; nowSeconds: number; isOnly: boolean },
): ListItem {
  const { namespace, name, trigger, mode, model, unit, threshold } = workload;
  const decision = workload.decision();
  const { state, reasons } = standingOf(workload, decision, serverMode);
  const { leadTime, replicas } = workload.cluster();
  const observed = model.observed();
  const peak = recentPeak(model, nowSeconds);
  const peakReplicas = peak && Math.ceil(peak.value / threshold);
  const served = servedLately(newestOutcome(workload), serverMode === 'reactive' ? serverMode : mode);
  const { attention, reason } = attentionOf({
    state,
    cause: reasons[0],
    observedAgeSeconds: observed && nowSeconds - observed.atSeconds,
    isKillSwitchOn: serverMode === 'reactive',
    ...served,
    peakReplicas,
    maxReplicas: replicas?.most,
  });
  return {
    ...{ namespace, name, ...(isOnly ? {} : { trigger }), mode, state, attention },
    ...(reason === undefined ? {} : { reason }),
    ...(unit === undefined ? {} : { unit }),
    observed: rounded(observed?.value),
    signal: rounded(decision?.signal),
    replicasAsked: replicasAsked(workload, decision),
    replicasReady: replicas?.ready ?? null,
    maxReplicas: replicas?.most ?? null,
    leadTimeSeconds: Number(leadTime.seconds.toPrecision(4)),
    achievedService: rounded(served.achievedService),
    nextPeak:
      peak === undefined || peakReplicas === undefined
        ? null
        : { t: Math.round(peak.atSeconds), replicas: peakReplicas },
  };
}

/** What was played up to the newest row of each workload; it takes half of the time of an entry to add it up. */
const outcomes = new WeakMap<
  WorkloadView,
  { readonly newestSeconds: number; readonly outcome: ServiceOutcome }
>();

/** The outcome of a workload, added up once for each new row. */
function newestOutcome(workload: WorkloadView): ServiceOutcome | undefined {
  const newestSeconds = workload.model.newestSeconds();
  const known = outcomes.get(workload);
  if (known?.newestSeconds === newestSeconds) return known.outcome;
  const outcome = workload.outcome();
  if (outcome !== undefined) outcomes.set(workload, { newestSeconds, outcome });
  return outcome;
}

/** What the rule that is served achieved in the last week, once a day of it is known. */
function servedLately(
  outcome: ServiceOutcome | undefined,
  mode: 'active' | 'reactive',
): Pick<Attended, 'achievedService' | 'serviceLevel'> {
  const week = outcome?.windows['7d'];
  if (outcome === undefined || week === undefined || week.seconds < daySeconds) {
    return { achievedService: undefined, serviceLevel: undefined };
  }
  const { serviceLevel } = outcome;
  return {
    achievedService: achievedService(week, mode === 'active' ? 'forescale' : 'reactive'),
    serviceLevel,
  };
}

/** A list of a thousand workloads is read at once: four digits are what a person sees of a number. */
function rounded(value: number | undefined): number | null {
  return value === undefined ? null : Number(value.toPrecision(4));
}
