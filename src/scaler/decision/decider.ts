import type { Decision, Observation, WorkloadView } from '../../forecast/index.ts';
import type { Clock } from '../../platform/clock.ts';
import type { ServiceState } from '../service-level/played-service.ts';
import { createKeptForecast } from './kept-forecast.ts';
import { heldOf, judgedAgain, type LastGood, newestGood } from './last-good.ts';
import { decide, isConfirmed, type ScalingPolicy, type Situation } from './policy.ts';
import type { ServedBefore } from './served-before.ts';

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
  /** What was served before a restart or an edit; undefined = nothing, or it is not known. */
  readonly before?: ServedBefore | undefined;
  /** Whether the model has tried to observe, or to read, and failed; by default it has not. */
  readonly hasFailed?: () => boolean;
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
  /** The last value that was good, for after a restart; undefined before the first. */
  lastGood(): ServedBefore | undefined;
}

/**
 * The newest decision and until when it is current. It is written over by the next one, as nobody else has it: an object that lives
 * from one refresh to the next is promoted to the old heap, and all of them there have to be collected. Decisions are never changed.
 */
interface Kept {
  decision: Decision | undefined;
  isForced: boolean;
  fromSeconds: number;
  untilSeconds: number;
}

/** Before the first decision nothing is current, because its times are no numbers. */
const nothingKept: Readonly<Kept> = {
  decision: undefined,
  isForced: false,
  fromSeconds: Number.NaN,
  untilSeconds: Number.NaN,
};

export function createDecider({
  model,
  policyAt,
  replicasAt,
  service,
  quantumSeconds,
  clock,
  isForcedReactive,
  before,
  hasFailed = () => false,
  onDecided,
  onForecast,
}: DeciderOptions): Decider {
  const forecasts = createKeptForecast(model, service, onForecast);
  let lastGood: LastGood | undefined;
  const kept = { ...nothingKept };

  const quantumOf = (seconds: number) => Math.floor(seconds / quantumSeconds) * quantumSeconds;

  /** The observation of before a restart, while there is none and the source fails. */
  function observedBefore(): Observation | undefined {
    if (before?.observed === undefined || !hasFailed()) return undefined;
    return { value: before.observed, atSeconds: before.atSeconds };
  }

  function judge(nowSeconds: number): Decision | undefined {
    const isForced = isForcedReactive();
    const observed = model.observed() ?? observedBefore();
    const policy = policyAt(quantumOf(nowSeconds));
    const { forecast, service } = forecasts.newest();
    const replicas = replicasAt?.(quantumOf(nowSeconds));
    const known = { nowSeconds, observed, forecast, service, replicas };
    const situation = { ...known, lastGood: lastGood?.decision, before };
    const applied: ScalingPolicy = isForced ? { ...policy, mode: 'reactive' } : policy;
    const decision = decide(situation, applied);
    onDecided?.(decision, situation, applied);
    kept.decision = decision;
    kept.isForced = isForced;
    kept.fromSeconds = nowSeconds;
    kept.untilSeconds = Math.min(
      quantumOf(nowSeconds) + quantumSeconds,
      nextAge(observed, nowSeconds, policy.freshSeconds),
      nextAge(observed, nowSeconds, policy.blindSeconds),
    );
    return decision;
  }

  const isCurrent = (nowSeconds: number) =>
    kept.isForced === isForcedReactive() && nowSeconds >= kept.fromSeconds && nowSeconds < kept.untilSeconds;

  return {
    update() {
      const nowSeconds = clock();
      const policy = policyAt(quantumOf(nowSeconds));
      const { forecast } = forecasts.renew(nowSeconds, quantumOf(nowSeconds), policy);
      lastGood = judgedAgain(lastGood, forecast, policy);
      const decision = judge(nowSeconds);
      const observed = model.observed();
      if (decision?.fresh === true && observed !== undefined && isConfirmed(observed, forecast, policy))
        lastGood = newestGood(lastGood, { decision, observed }, { forecast, policy, before });
      return decision;
    },
    decision() {
      const nowSeconds = clock();
      return isCurrent(nowSeconds) ? kept.decision : judge(nowSeconds);
    },
    lastGood() {
      // What is held over a restart is as old as it was, however often it is held.
      if (lastGood === undefined || lastGood.decision.basis === 'last-good') return before;
      return heldOf(lastGood);
    },
  };
}

/** When an observation has reached an age, if that is still to come. */
function nextAge(observed: Observation | undefined, nowSeconds: number, ageSeconds: number): number {
  const atSeconds = (observed?.atSeconds ?? 0) + ageSeconds;
  return atSeconds >= nowSeconds ? atSeconds : Number.POSITIVE_INFINITY;
}
