import type { Decision, Observation } from '../../forecast/index.ts';
import { heldOverRestart, type ServedBefore } from './served-before.ts';

/** What decisions use beside demand: settings of the trigger, the server's lags, and what the cluster says where a setting is `auto`. */
export interface ScalingPolicy {
  readonly threshold: number;
  readonly activationThreshold: number;
  readonly serviceLevel: number;
  readonly hpaTolerance: number;
  readonly mode: 'active' | 'reactive';
  /** Decision window, see {@link decisionWindowSeconds}. */
  readonly windowSeconds: number;
  /** An observed value older than this is no longer "now": the workload is blind. */
  readonly freshSeconds: number;
  /** Longest time for which a blind workload is still served. */
  readonly blindSeconds: number;
}

/** All that is known at the moment of a decision. Demand is in the query's unit. */
export interface Situation {
  readonly nowSeconds: number;
  readonly observed: Observation | undefined;
  /** The forecast for the decision window, or why there is none. */
  readonly forecast:
    | {
        readonly kind: 'forecast';
        /** Bound of the peak at the level asked for, and the peak's median. */
        readonly bound: number;
        readonly median: number;
        /** Highest credible demand of the history. */
        readonly credibleMaximum: number;
        /** Age of the newest row that the forecast was made from, seconds. */
        readonly dataAgeSeconds: number;
      }
    | {
        readonly kind: 'none';
        readonly reasons: readonly string[];
        /** All that there is of the history was learned, and is not enough. */
        readonly isLearned?: boolean;
      };
  /** How the promised service is to be delivered, learned from decisions that were played. */
  readonly service: {
    readonly askedLevel: number;
    readonly askedFactor: number;
    /** Least multiple of the observed demand that is planned for beside a forecast, at least 1. */
    readonly margin: number;
    /** Factor of the reactive rule at the usual demand, at least 1. */
    readonly headroom: number;
    readonly usualDemand: number;
    /** Highest demand of the rows of the last minutes; 0 where there are none. */
    readonly recentMaximum: number;
    /** 1 = the forecast decides … 0 = the reactive rule with its headroom, which is cheaper at the same service. */
    readonly trust: number;
  };
  /** The last decision made on a fresh observation that was confirmed ({@link isConfirmed}). */
  readonly lastGood: Decision | undefined;
  /** What was served before a restart or an edit; undefined = nothing, or it is not known. */
  readonly before?: ServedBefore | undefined;
  /** Replicas that the HPA has and keeps at this moment; undefined = not known. */
  readonly replicas?: number | undefined;
}

/** The signal is at most this multiple of the highest credible demand (design.md §4.1.1: too many replicas do harm too). */
export const capRatio = 3;

/**
 * The decision for this moment. It is undefined when there is no basis for one (no observation, or blind for too long). The
 * caller then answers with an error, so that KEDA keeps the replicas and its fallback acts.
 */
export function decide(situation: Situation, policy: ScalingPolicy): Decision | undefined {
  const decision = decideByObservation(situation, policy);
  const { forecast, lastGood, before } = situation;
  return decision && heldOverRestart(decision, before, { ...policy, forecast, lastGood });
}

function decideByObservation(situation: Situation, policy: ScalingPolicy): Decision | undefined {
  const { observed, nowSeconds, lastGood } = situation;
  if (observed === undefined) return undefined;
  // After the clock went back an observation lies in the future; its distance from now counts as its age.
  const ageSeconds = Math.abs(nowSeconds - observed.atSeconds);
  if (ageSeconds > policy.blindSeconds) return undefined;

  if (ageSeconds <= policy.freshSeconds) return decideOnFresh(situation, policy, observed.value);
  // While the workload is blind the forecast continues, and the signal is never below the last good one. A workload that was
  // awake stays awake, because a failure is no reason to scale it to zero. A value that nothing confirmed is not held.
  const held = isConfirmed(observed, situation.forecast, policy)
    ? observed.value
    : (lastGood?.observed ?? Math.min(observed.value, credibleDemand(situation.forecast, policy)));
  const fresh = decideOnFresh(situation, policy, held);
  const floor = lastGood?.signal ?? held;
  return {
    ...fresh,
    fresh: false,
    signal: Math.max(fresh.signal, floor),
    active: fresh.active || (lastGood?.active ?? false),
    basis: fresh.signal > floor ? fresh.basis : 'last-good',
    fallbackReasons: [...fresh.fallbackReasons, `no fresh observation for ${Math.round(ageSeconds)} s`],
  };
}

/**
 * Whether the observed demand may be held while nothing fresh comes: it is within what the history makes credible, or the sample
 * before it was as high. One sample far above all that was seen is served while it is fresh and not held for half an hour.
 */
export function isConfirmed(
  { value, previousValue = 0 }: Observation,
  forecast: Situation['forecast'],
  policy: ScalingPolicy,
): boolean {
  return value <= credibleDemand(forecast, policy) || value <= capRatio * previousValue;
}

/**
 * Whether a sample that nothing makes credible or incredible, because no history is known, is far above the one before it and came once.
 * What one replica carries never is. It is held while nothing fresh comes, but no restart holds it against what is observed then.
 */
export function standsAlone(
  { value, previousValue }: Observation,
  forecast: Situation['forecast'],
  { threshold }: Pick<ScalingPolicy, 'threshold'>,
): boolean {
  if (forecast.kind !== 'none' || previousValue === undefined) return false;
  return value > Math.max(threshold, capRatio * previousValue);
}

/**
 * The highest demand that the history makes credible; Infinity while nothing is known of it. What one replica carries is
 * credible after any history: held for nothing it costs no more, and lost it would let the workload sleep.
 */
function credibleDemand(forecast: Situation['forecast'], { threshold }: ScalingPolicy): number {
  return forecast.kind === 'none'
    ? Number.POSITIVE_INFINITY
    : Math.max(threshold, capRatio * forecast.credibleMaximum);
}

function decideOnFresh(situation: Situation, policy: ScalingPolicy, observed: number): Decision {
  const { forecast, nowSeconds, service, replicas } = situation;
  const isForecast = forecast.kind === 'forecast';
  const wanted = policy.mode === 'active' ? wantedDemand(situation, observed) : observed;
  const raised = (demand: number) =>
    raiseOverTolerance(demand, policy.threshold, policy.hpaTolerance, replicas);
  // The cap bounds what is forecast. A replica that the observed demand needs is asked for however high that is.
  const cap = isForecast ? capRatio * forecast.credibleMaximum : Number.POSITIVE_INFINITY;
  const signal = Math.max(raised(observed), Math.min(raised(wanted), cap));
  return {
    atSeconds: nowSeconds,
    fresh: true,
    signal,
    active: isActive(observed, forecast, policy),
    observed,
    wanted,
    predictedPeak: isForecast ? forecast.bound : undefined,
    trust: isForecast ? service.trust : undefined,
    windowSeconds: policy.windowSeconds,
    dataAgeSeconds: isForecast ? forecast.dataAgeSeconds : undefined,
    serviceLevel: policy.serviceLevel,
    askedLevel: service.askedLevel,
    askedFactor: service.askedFactor,
    margin: service.margin,
    headroom: service.headroom,
    basis: basisOf(situation, observed, wanted),
    fallbackReasons: fallbackReasons(situation, policy),
  };
}

/**
 * The demand to be ready for by the rule that is served: the forecast, the reactive rule with its headroom, or a mixture. A bound
 * that is hardly above what is observed leaves no room for what is new, so that the margin is kept beside it. Without a forecast
 * nothing tells what is credible, and headroom would multiply whatever was observed.
 */
function wantedDemand({ forecast, service }: Situation, observed: number): number {
  if (forecast.kind === 'none') return observed;
  const highest = Math.max(observed, service.recentMaximum);
  const reactive = withHeadroom(highest, service.headroom, service.usualDemand);
  const planned = Math.max(forecast.bound, service.margin * observed);
  const wanted = service.trust * planned + (1 - service.trust) * reactive;
  return wanted > observed * (1 + roundingNoise) ? wanted : observed;
}

/**
 * Demand with headroom. `headroom` is the factor at the usual demand; at another the room grows with the root of demand, as what is
 * by chance does in the sum of many requests (square-root staffing: Halfin & Whitt 1981). One factor for all is too dear in the busy
 * hours (docs/adr/0016).
 */
export function withHeadroom(demand: number, headroom: number, usualDemand: number): number {
  return demand + (headroom - 1) * Math.sqrt(demand * usualDemand);
}

function basisOf({ forecast, service }: Situation, observed: number, wanted: number): Decision['basis'] {
  if (forecast.kind === 'none' || wanted <= observed) return 'observed';
  if (service.trust < 0.5) return 'headroom';
  return forecast.bound >= service.margin * observed ? 'forecast' : 'margin';
}

/**
 * Whether the workload should be awake: demand is above the activation threshold now, or more likely than not within the
 * window. Noise is no demand: what KEDA's three decimals cannot show, or less than a thousandth of what one replica carries.
 */
function isActive(observed: number, forecast: Situation['forecast'], policy: ScalingPolicy): boolean {
  const noise = Math.max(kedaPrecision, policy.threshold / 1000);
  const isDemand = (demand: number) => demand > policy.activationThreshold && demand >= noise;
  if (isDemand(observed)) return true;
  // Trust compares what levels cost; a workload that sleeps when its demand comes is worse than any of them.
  return forecast.kind === 'forecast' && policy.mode === 'active' && isDemand(forecast.median);
}

function fallbackReasons({ forecast, service }: Situation, policy: ScalingPolicy): readonly string[] {
  if (policy.mode === 'reactive') return isReactive;
  if (forecast.kind === 'none') return forecast.reasons;
  return service.trust >= 1 ? noReason : isDearer;
}

/** Each workload keeps decisions, whose reasons are nearly always these. */
const noReason: readonly string[] = [];
const isReactive: readonly string[] = ['the mode is reactive'];
const isDearer: readonly string[] = [
  'at the same service the forecast has lately cost more than the reactive rule',
];

/** Relative rounding error of arithmetic (30.000000000000004), which must not ask for another replica. */
const roundingNoise = 1e-9;
/** Precision with which KEDA passes values on: three decimals. */
const kedaPrecision = 1e-3;

/**
 * Share of the raise that is kept while there are enough replicas. Without any the HPA follows each small fall of the demand:
 * on eight traces that costs 1.8 % fewer replica-hours and 2.8 times the changes, half of it 1 % and 1.6 times (at 1 % of short
 * time, a start-up of 5 minutes, and counts of replicas that are 45 s old).
 */
export const enoughRatio = 0.5;

/**
 * The least value ≥ `demand` for which an HPA that has one replica too few scales up. The HPA leaves the
 * replica count alone while demand ÷ (target × replicas) is within 1 ± tolerance, so a demand that needs n replicas
 * must exceed (1 + tolerance) × (n − 1) × target, and still do so when KEDA has cut it to three decimals. Where `replicas`
 * are known and suffice it is raised by half as much. Source:
 * kubernetes pkg/controller/podautoscaler/replica_calculator.go (GetExternalPerPodMetricReplicas).
 */
export function raiseOverTolerance(
  demand: number,
  target: number,
  tolerance: number,
  replicas?: number,
): number {
  const needed = Math.ceil((demand / target) * (1 - roundingNoise));
  const raised = replicas !== undefined && replicas >= needed ? enoughRatio * tolerance : tolerance;
  const justAbove = leastAbove(needed, target, raised);
  // Beyond what a double holds there is nothing to raise to, and KEDA takes Infinity for "no load".
  if (needed <= 1 || tolerance === 0 || !Number.isFinite(justAbove)) return demand;
  return Math.max(demand, justAbove);
}

/** The least value that asks an HPA with that tolerance for `needed` replicas where it has one less. */
export function leastAbove(needed: number, target: number, tolerance: number): number {
  return (1 + tolerance) * (needed - 1) * target * (1 + 1e-9) + kedaPrecision;
}

/** The delays between demand and a pod that serves it, without the pod's own lead time; seconds. */
export interface Lags {
  readonly scrapeIntervalSeconds: number;
  readonly refreshIntervalSeconds: number;
  readonly kedaPollingSeconds: number;
  readonly hpaSyncSeconds: number;
}

/** Seconds that a decision must look ahead: until the pods of the next decision can be ready (design.md §4.1.1). */
export function decisionWindowSeconds(
  trigger: {
    /** Span of time that one value of the query sums up: a value lags by half of it. */
    readonly rateWindowSeconds: number;
    readonly leadTimeSeconds: number;
    readonly peakWindowSeconds: number | undefined;
  },
  lags: Lags,
): number {
  const seconds =
    trigger.leadTimeSeconds +
    trigger.rateWindowSeconds / 2 +
    lags.scrapeIntervalSeconds +
    lags.refreshIntervalSeconds +
    lags.kedaPollingSeconds +
    lags.hpaSyncSeconds;
  return Math.max(seconds, trigger.peakWindowSeconds ?? 0);
}
