import type { Decision, Observation, WorkloadView } from '../../forecast/index.ts';
import type { Clock } from '../../platform/clock.ts';
import type { ServiceState } from '../service-level/played-service.ts';
import { createKeptForecast } from './kept-forecast.ts';
import { decide, isConfirmed, type ScalingPolicy, type Situation } from './policy.ts';

export interface DeciderOptions {
  readonly model: Pick<WorkloadView['model'], 'observed' | 'peak' | 'newestSeconds'>;
  /** The policy at a time; what was learned of the cluster changes it. */
  readonly policyAt: (nowSeconds: number) => ScalingPolicy;
  /** Replicas that the HPA has and keeps, by what the cluster says; undefined = not known. */
  readonly replicasAt?: ((nowSeconds: number) => number | undefined) | undefined;
  /** How the promised service is to be delivered now. */
  readonly service: () => ServiceState;
  /** Quantum of time: replicas that are asked within the same one give the same answer. */
  readonly quantumSeconds: number;
  readonly clock: Clock;
  /** The kill switch: true makes every signal reactive at once. */
  readonly isForcedReactive: () => boolean;
  /** Called with each decision that is made, or undefined where nothing can be served, and with what it was made from. */
  readonly onDecided?:
    | ((decision: Decision | undefined, situation: Situation, policy: ScalingPolicy) => void)
    | undefined;
  /** Called with each attempt to get a forecast: what the model threw, or undefined where it answered. */
  readonly onForecast?: (error: unknown) => void;
}

/** Makes the decisions of one workload, and keeps the newest. */
export interface Decider {
  /** Decides anew, because there is a new observation or there are new rows. */
  update(): Decision | undefined;
  /**
   * The newest decision. Asking asks no model and changes nothing: only where a quantum of time, the freshness of the observation
   * or the mode has passed is the same situation judged again.
   */
  decision(): Decision | undefined;
}

interface Kept {
  readonly decision: Decision | undefined;
  readonly isForced: boolean;
  readonly fromSeconds: number;
  readonly untilSeconds: number;
}

/** The last decision on a fresh observation that was confirmed, and whether a forecast was there to confirm it. */
interface LastGood {
  readonly decision: Decision;
  readonly observed: Observation;
  readonly knewHistory: boolean;
}

export function createDecider({
  model,
  policyAt,
  replicasAt,
  service,
  quantumSeconds,
  clock,
  isForcedReactive,
  onDecided,
  onForecast,
}: DeciderOptions): Decider {
  const forecasts = createKeptForecast(model, service, onForecast);
  let lastGood: LastGood | undefined;
  let kept: Kept | undefined;

  const quantumOf = (seconds: number) => Math.floor(seconds / quantumSeconds) * quantumSeconds;

  function judge(nowSeconds: number): Kept {
    const isForced = isForcedReactive();
    const observed = model.observed();
    const policy = policyAt(quantumOf(nowSeconds));
    const { forecast, service } = forecasts.newest();
    const replicas = replicasAt?.(quantumOf(nowSeconds));
    const situation = { nowSeconds, observed, forecast, service, lastGood: lastGood?.decision, replicas };
    const applied: ScalingPolicy = isForced ? { ...policy, mode: 'reactive' } : policy;
    const decision = decide(situation, applied);
    onDecided?.(decision, situation, applied);
    /** When the observation has reached an age, if that is still to come. */
    const reaches = (ageSeconds: number) => {
      const atSeconds = (observed?.atSeconds ?? 0) + ageSeconds;
      return atSeconds >= nowSeconds ? atSeconds : Number.POSITIVE_INFINITY;
    };
    const untilSeconds = Math.min(
      quantumOf(nowSeconds) + quantumSeconds,
      reaches(policy.freshSeconds),
      reaches(policy.blindSeconds),
    );
    return { decision, isForced, fromSeconds: nowSeconds, untilSeconds };
  }

  const isCurrent = ({ isForced, fromSeconds, untilSeconds }: Kept, nowSeconds: number) =>
    isForced === isForcedReactive() && nowSeconds >= fromSeconds && nowSeconds < untilSeconds;

  return {
    update() {
      const nowSeconds = clock();
      const policy = policyAt(quantumOf(nowSeconds));
      const { forecast } = forecasts.renew(nowSeconds, quantumOf(nowSeconds), policy);
      lastGood = judgedAgain(lastGood, forecast, policy);
      kept = judge(nowSeconds);
      const { decision } = kept;
      const observed = model.observed();
      if (decision?.fresh === true && observed !== undefined && isConfirmed(observed, forecast, policy))
        lastGood = { decision, observed, knewHistory: forecast.kind === 'forecast' };
      return decision;
    },
    decision() {
      const nowSeconds = clock();
      if (kept === undefined || !isCurrent(kept, nowSeconds)) kept = judge(nowSeconds);
      return kept.decision;
    },
  };
}

/**
 * What was good while no history was known is judged again by the first that is: a trigger that was opened before the history was
 * read holds what one that was opened after it holds.
 */
function judgedAgain(
  lastGood: LastGood | undefined,
  forecast: Situation['forecast'],
  policy: ScalingPolicy,
): LastGood | undefined {
  if (lastGood === undefined || lastGood.knewHistory || forecast.kind === 'none') return lastGood;
  return isConfirmed(lastGood.observed, forecast, policy) ? { ...lastGood, knewHistory: true } : undefined;
}
