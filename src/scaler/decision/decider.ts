import type { Decision, Observation, WorkloadView } from '../../forecast/index.ts';
import type { ServiceState } from '../service-level/played-service.ts';
import { KeptForecast } from './kept-forecast.ts';
import { heldOf, judgedAgain, type LastGood, newestGood } from './last-good.ts';
import { decide, isConfirmed, type ScalingPolicy, type Situation } from './policy.ts';
import type { ServedBefore } from './served-before.ts';

/** What the decisions of one workload are made of. */
export interface DeciderOptions {
  readonly model: Pick<WorkloadView['model'], 'observed' | 'peak' | 'newestSeconds'>;
  /** The policy at a time; what was learned of the cluster changes it. */
  policyAt(nowSeconds: number): ScalingPolicy;
  /** Replicas that the HPA has and keeps, by what the cluster says; undefined = not known. */
  replicasAt?(nowSeconds: number): number | undefined;
  /** How the promised service is to be delivered now. */
  service(): ServiceState;
  /** Quantum of time: replicas that are asked within the same one give the same answer. */
  readonly quantumSeconds: number;
  clock(): number;
  /** The kill switch: true makes every signal reactive at once. */
  isForcedReactive(): boolean;
  /** What was served before a restart or an edit; undefined = nothing, or it is not known. */
  readonly before?: ServedBefore | undefined;
  /** Whether the model has tried to observe, or to read, and failed; by default it has not. */
  hasFailed?(): boolean;
  /** Called with each decision that is made, or undefined where nothing can be served, and with what it was made from. */
  onDecided?(decision: Decision | undefined, situation: Situation, policy: ScalingPolicy): void;
  /** Called with each attempt to get a forecast: what the model threw, or undefined where it answered. */
  onForecast?(error: unknown): void;
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

export function createDecider(options: DeciderOptions): Decider {
  return new NewestDecision(options);
}

/** A class, as StartingFleet of the controllers is. */
class NewestDecision implements Decider {
  readonly #options: DeciderOptions;
  readonly #forecasts: KeptForecast;
  #lastGood: LastGood | undefined;
  /**
   * The newest decision, and until when it is current; before the first nothing is, because its times are no numbers. Decisions are never
   * changed.
   */
  #decision: Decision | undefined;
  #isForced = false;
  #fromSeconds = Number.NaN;
  #untilSeconds = Number.NaN;

  constructor(options: DeciderOptions) {
    this.#options = options;
    this.#forecasts = new KeptForecast(options);
  }

  update(): Decision | undefined {
    const { before, model } = this.#options;
    const nowSeconds = this.#options.clock();
    const quantum = this.#quantumOf(nowSeconds);
    const policy = this.#options.policyAt(quantum);
    const { forecast } = this.#forecasts.renew(nowSeconds, quantum, policy);
    this.#lastGood = judgedAgain(this.#lastGood, forecast, policy);
    const decision = this.#judge(nowSeconds);
    const observed = model.observed();
    if (decision?.fresh === true && observed !== undefined && isConfirmed(observed, forecast, policy))
      this.#lastGood = newestGood(this.#lastGood, { decision, observed }, { forecast, policy, before });
    return decision;
  }

  decision(): Decision | undefined {
    const nowSeconds = this.#options.clock();
    return this.#isCurrent(nowSeconds) ? this.#decision : this.#judge(nowSeconds);
  }

  lastGood(): ServedBefore | undefined {
    const lastGood = this.#lastGood;
    // What is held over a restart is as old as it was, however often it is held.
    if (lastGood === undefined || lastGood.decision.basis === 'last-good') return this.#options.before;
    return heldOf(lastGood);
  }

  #judge(nowSeconds: number): Decision | undefined {
    const options = this.#options;
    const isForced = options.isForcedReactive();
    const observed = options.model.observed() ?? this.#observedBefore();
    const quantum = this.#quantumOf(nowSeconds);
    const policy = options.policyAt(quantum);
    const { forecast, service } = this.#forecasts.newest;
    const replicas = options.replicasAt?.(quantum);
    const known = { nowSeconds, observed, forecast, service, replicas };
    const situation = { ...known, lastGood: this.#lastGood?.decision, before: options.before };
    const applied: ScalingPolicy = isForced ? { ...policy, mode: 'reactive' } : policy;
    const decision = decide(situation, applied);
    options.onDecided?.(decision, situation, applied);
    this.#decision = decision;
    this.#isForced = isForced;
    this.#fromSeconds = nowSeconds;
    this.#untilSeconds = Math.min(
      quantum + options.quantumSeconds,
      nextAge(observed, nowSeconds, policy.freshSeconds),
      nextAge(observed, nowSeconds, policy.blindSeconds),
    );
    return decision;
  }

  #isCurrent(nowSeconds: number): boolean {
    return (
      this.#isForced === this.#options.isForcedReactive() &&
      nowSeconds >= this.#fromSeconds &&
      nowSeconds < this.#untilSeconds
    );
  }

  #quantumOf(seconds: number): number {
    const { quantumSeconds } = this.#options;
    return Math.floor(seconds / quantumSeconds) * quantumSeconds;
  }

  /** The observation of before a restart, while there is none and the source fails. */
  #observedBefore(): Observation | undefined {
    const { before } = this.#options;
    if (before?.observed === undefined || this.#options.hasFailed?.() !== true) return undefined;
    return { value: before.observed, atSeconds: before.atSeconds };
  }
}

/** When an observation has reached an age, if that is still to come. */
function nextAge(observed: Observation | undefined, nowSeconds: number, ageSeconds: number): number {
  const atSeconds = (observed?.atSeconds ?? 0) + ageSeconds;
  return atSeconds >= nowSeconds ? atSeconds : Number.POSITIVE_INFINITY;
}
