/** What one rule did in some span of time. */
interface Served {
  /** Seconds in which demand was above what the ready replicas carried. */
  readonly shortSeconds: number;
  /** Replicas that existed, ready or not, added up over the seconds. */
  readonly replicaSeconds: number;
}

/** The rules that are compared. */
export const servedPolicies = ['forescale', 'reactive'] as const;
type ServedPolicy = (typeof servedPolicies)[number];

/** What two rules did with the same demand, played through the HPA and the start-up of replicas. */
export interface ServedSpan {
  /** Seconds for which demand is known. */
  readonly seconds: number;
  /** What is served in mode `active`. */
  readonly forescale: Served;
  /** The plain reactive rule: the observed demand as the metric, through an HPA with the same target. */
  readonly reactive: Served;
}

/** Spans of time before the newest row for which an outcome is told, by name; seconds. */
export const outcomeWindows = { '1h': 3_600, '1d': 86_400, '7d': 604_800 } as const;
type OutcomeWindow = keyof typeof outcomeWindows;

/** How well a workload was served lately, and what was learned from it. */
export interface ServiceOutcome {
  /** Unix seconds of the end of what was played. */
  readonly untilSeconds: number;
  /** Promised share of time in which demand is at most what the ready replicas carry. */
  readonly serviceLevel: number;
  /** Level of the peak's distribution that is asked for, so that the service achieved is the one promised. */
  readonly askedLevel: number;
  /** The bound at that level is multiplied by this: below 1 where the lowest level still serves more than was promised. */
  readonly askedFactor: number;
  /** Factor on the usual demand with which the reactive rule keeps the promised service, at least 1. */
  readonly headroom: number;
  /** 1 = the forecast is served … 0 = the reactive rule with its headroom, which was lately cheaper. */
  readonly trust: number;
  /** Start-up of a replica with which decisions were played. */
  readonly leadTimeSeconds: number;
  /** Less where less is known. The hour may begin up to five minutes earlier, the others up to an hour. */
  readonly windows: Readonly<Record<OutcomeWindow, ServedSpan>>;
  /** All that was played since the workload was opened, without the history that it began with. It only grows. */
  readonly counted: ServedSpan;
}

/** Share of time in which the ready replicas carried the demand, 0–1; NaN where nothing is known. */
export function achievedService(span: ServedSpan, policy: ServedPolicy): number {
  return 1 - span[policy].shortSeconds / span.seconds;
}

/** Share of the allowed short time of the last week that is left: 1 = none was short, below 0 = more was than is allowed. */
export function budgetLeftRatio({
  serviceLevel,
  windows,
}: Pick<ServiceOutcome, 'serviceLevel' | 'windows'>): number {
  const { seconds, forescale } = windows['7d'];
  return 1 - forescale.shortSeconds / ((1 - serviceLevel) * seconds);
}
