import type { Decision, Observation, WorkloadView } from '../forecast/index.ts';
import type { Clock } from '../platform/clock.ts';
import { decide, isConfirmed, type ScalingPolicy, type Situation } from './policy.ts';

export interface DeciderOptions {
  readonly model: Pick<WorkloadView['model'], 'observed' | 'peak' | 'newestSeconds'>;
  readonly policy: ScalingPolicy;
  /** Quantum of time: replicas that are asked within the same one give the same answer. */
  readonly quantumSeconds: number;
  readonly clock: Clock;
  /** The kill switch: true makes every signal reactive at once. */
  readonly isForcedReactive: () => boolean;
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
  policy,
  quantumSeconds,
  clock,
  isForcedReactive,
  onForecast,
}: DeciderOptions): Decider {
  let forecast: Situation['forecast'] = { kind: 'none', reasons: ['nothing has been read yet'] };
  let forecastSeconds = 0;
  let lastGood: LastGood | undefined;
  let kept: Kept | undefined;

  const quantumOf = (seconds: number) => Math.floor(seconds / quantumSeconds) * quantumSeconds;

  function judge(nowSeconds: number): Kept {
    const isForced = isForcedReactive();
    const observed = model.observed();
    const decision = decide(
      { nowSeconds, observed, forecast, lastGood: lastGood?.decision },
      isForced ? { ...policy, mode: 'reactive' } : policy,
    );
    const ends = [policy.freshSeconds, policy.blindSeconds]
      .map((ageSeconds) => (observed?.atSeconds ?? 0) + ageSeconds)
      .filter((endSeconds) => endSeconds >= nowSeconds);
    const untilSeconds = Math.min(quantumOf(nowSeconds) + quantumSeconds, ...ends);
    return { decision, isForced, fromSeconds: nowSeconds, untilSeconds };
  }

  /**
   * What was good while no history was known is judged again by the first that is: a trigger that was opened before the history
   * was read holds what one that was opened after it holds.
   */
  function judgeLastGood(): void {
    if (lastGood === undefined || lastGood.knewHistory || forecast.kind === 'none') return;
    lastGood = isConfirmed(lastGood.observed, forecast, policy)
      ? { ...lastGood, knewHistory: true }
      : undefined;
  }

  /** Asks the model. A forecast that it gave is kept while it gives none, for as long as a blind workload is served. */
  function renewForecast(nowSeconds: number): void {
    const next = forecastOrFailure(nowSeconds);
    const isHeld =
      forecast.kind === 'forecast' && Math.abs(nowSeconds - forecastSeconds) <= policy.blindSeconds;
    if (next.kind === 'none' && isHeld) return;
    forecast = next;
    forecastSeconds = nowSeconds;
  }

  function forecastOrFailure(nowSeconds: number): Situation['forecast'] {
    try {
      const made = forecastAt(quantumOf(nowSeconds), model, policy);
      onForecast?.(undefined);
      return made;
    } catch (error) {
      onForecast?.(error);
      return { kind: 'none', reasons: [`the model failed: ${String(error)}`] };
    }
  }

  const isCurrent = ({ isForced, fromSeconds, untilSeconds }: Kept, nowSeconds: number) =>
    isForced === isForcedReactive() && nowSeconds >= fromSeconds && nowSeconds < untilSeconds;

  return {
    update() {
      const nowSeconds = clock();
      renewForecast(nowSeconds);
      judgeLastGood();
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

/** The forecast of the peak within (now, now + window], however old the newest row is. */
function forecastAt(
  nowSeconds: number,
  model: DeciderOptions['model'],
  { windowSeconds, serviceLevel }: ScalingPolicy,
): Situation['forecast'] {
  const newestSeconds = model.newestSeconds();
  const dataAgeSeconds = Number.isFinite(newestSeconds) ? Math.max(0, nowSeconds - newestSeconds) : 0;
  const peak = model.peak({ leadSeconds: dataAgeSeconds, windowSeconds, quantiles: [0.5, serviceLevel] });
  if (peak.status === 'learning')
    return { kind: 'none', reasons: peak.reasons.map((reason) => reason.message) };
  const { trust, credibleMaximum, quantiles } = peak;
  const bound = quantiles[String(serviceLevel)] ?? Number.NaN;
  const median = quantiles['0.5'] ?? Number.NaN;
  if (![bound, median, trust, credibleMaximum].every(Number.isFinite)) {
    return { kind: 'none', reasons: ['the model gave no finite bound'] };
  }
  return { kind: 'forecast', bound, median, trust, credibleMaximum, dataAgeSeconds };
}
