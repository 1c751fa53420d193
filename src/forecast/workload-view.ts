import type { ErrorCode, FieldError } from '../platform/errors.ts';
import type { EffectEvent } from './archived/effect-events.ts';
import type { CalendarEvent, Forecaster, ForecastResult } from './core/index.ts';
import type { ServiceOutcome } from './outcome.ts';
import type { PastForecastRequest } from './past-forecast.ts';

/** Where a demand model stands with its source. */
export interface ModelHealth {
  /** `loading` history for the first time; `fresh`; `blind`: the source has not answered well lately. */
  readonly state: 'loading' | 'fresh' | 'blind';
  /** Unix seconds of the last answer that was good, or undefined before the first. */
  readonly lastSuccessSeconds: number | undefined;
  readonly lastError:
    | { readonly code: ErrorCode; readonly message: string; readonly atSeconds: number }
    | undefined;
  /** Rows read so far, and what the source warned of. */
  readonly rows: number;
  readonly warnings: readonly string[];
  /** Unix seconds from which on demand is archived; undefined where it is not, or that is not known yet. */
  readonly archivedSinceSeconds?: number | undefined;
  /** Days around this month on which the archive shows that demand is higher than usual; by default none. */
  readonly effects?: readonly EffectEvent[] | undefined;
}

/** Demand as of an instant query. */
export interface Observation {
  readonly value: number;
  readonly atSeconds: number;
  /** The value observed before this one; undefined for the first. */
  readonly previousValue?: number | undefined;
}

/** What may be asked of a demand model; every answer comes from memory. */
export interface DemandModelView
  extends Pick<Forecaster, 'forecast' | 'peak' | 'accuracy' | 'explain' | 'history' | 'eventsAhead'> {
  /** The query for people: itself, or a stand-in where it must not be shown. */
  readonly query: string;
  /** The source's name for people: a profile, or the address without credentials, or a stand-in. */
  readonly source: string;
  readonly stepSeconds: number;
  readonly gridSeconds: number;
  /** Span of time that one value of the query sums up, seconds; a value lags by half of it. */
  readonly rateWindowSeconds: number;
  /** What the source has to say about the query, beginning with `query: `. */
  readonly queryWarnings?: readonly string[];
  /** The forecast as of a moment of the past, from what is remembered. It costs a second of a core; see {@link forecastOfPast}. */
  forecastOfPast(request: PastForecastRequest, signal: AbortSignal): Promise<ForecastResult>;
  /** The events of calendars that it knows, past and future. */
  events(): readonly CalendarEvent[];
  /** The newest instant value, or undefined before the first. */
  observed(): Observation | undefined;
  /** Unix seconds of the newest row learned, −Infinity before the first. */
  newestSeconds(): number;
  health(): ModelHealth;
}

/** The rules that may set a signal. */
export const decisionBases = ['forecast', 'margin', 'headroom', 'observed', 'last-good'] as const;

/** The signal that KEDA gets, and why. */
export interface Decision {
  readonly atSeconds: number;
  /** Made on an observation that is fresh; false = blind, not below what was good. */
  readonly fresh: boolean;
  /** The value served, in the query's unit. */
  readonly signal: number;
  readonly active: boolean;
  readonly observed: number;
  /** Demand to be ready for, before it is raised over the HPA's tolerance or cut to what is credible. */
  readonly wanted: number;
  /** Bound of the peak within the decision window at the level asked for; undefined while there is no forecast. */
  readonly predictedPeak: number | undefined;
  /**
   * Share of its influence on the signal that the forecast keeps, 0–1: below 1 it has lately cost more at the promised service than
   * the reactive rule with its headroom, which has the rest. Undefined while there is no forecast.
   */
  readonly trust: number | undefined;
  readonly windowSeconds: number;
  /** Age of the newest row that the forecast was made from, seconds; undefined while there is no forecast. */
  readonly dataAgeSeconds: number | undefined;
  /** Promised share of time in which demand is at most what the ready replicas carry. */
  readonly serviceLevel: number;
  /** Level of the peak's distribution that was asked for, so that the service achieved is the one promised. */
  readonly askedLevel: number;
  /** The bound at that level was multiplied by this: below 1 where the lowest level still serves more than was promised. */
  readonly askedFactor: number;
  /** Beside the forecast at least this multiple of the observed demand is planned for, at least 1. */
  readonly margin: number;
  /** Factor on the usual demand with which the reactive rule keeps the promised service, at least 1. */
  readonly headroom: number;
  /** Which of the rules set the signal. */
  readonly basis: (typeof decisionBases)[number];
  /** Why the forecast has no influence on the signal; empty where it has some. */
  readonly fallbackReasons: readonly string[];
}

/** Time from a decision to a ready pod, and where it comes from. */
export interface LeadTime {
  /** What decisions use, seconds. */
  readonly seconds: number;
  readonly from: 'trigger' | 'cluster' | 'default';
  /** The p95 of the starts of the workload's pods, and of how many; undefined until there were enough. */
  readonly learned: { readonly p95Seconds: number; readonly starts: number } | undefined;
  /** Says that the trigger's own value is far from what was learned. */
  readonly warning: string | undefined;
}

/** What decisions take from the cluster, or from the trigger or a default in its place. */
export interface ClusterStanding {
  readonly leadTime: LeadTime;
  /** Relative differences up and down that the HPA ignores. */
  readonly hpaTolerance: {
    readonly up: number;
    readonly down: number;
    readonly from: 'trigger' | 'cluster' | 'default';
  };
  /** Whether an HPA of the workload was seen lately. */
  readonly hasHpa: boolean;
  /** Replicas as the HPA lately had them; undefined where they are not known, as without kube-state-metrics. */
  readonly replicas:
    | {
        readonly current: number;
        readonly desired: number | undefined;
        readonly ready: number | undefined;
        /** Bounds of the HPA. */
        readonly fewest: number | undefined;
        readonly most: number | undefined;
        readonly atSeconds: number;
      }
    | undefined;
}

/** One trigger of one ScaledObject (or a workload declared in the configuration). */
export interface WorkloadView {
  readonly namespace: string;
  readonly name: string;
  /** Tells several triggers of one ScaledObject apart: a short hash of the metadata. */
  readonly trigger: string;
  readonly mode: 'active' | 'reactive';
  readonly threshold: number;
  /** What demand is counted in, for people; undefined where the trigger does not say. */
  readonly unit: string | undefined;
  readonly activationThreshold: number;
  readonly horizonSeconds: number;
  readonly model: DemandModelView;
  /** Keys of the trigger's metadata that are unknown or without effect, or whose effect may surprise. */
  readonly warnings: readonly FieldError[];
  decision(): Decision | undefined;
  /** What decisions brought when they were played on the demand that came; undefined before anything was played. */
  outcome(): ServiceOutcome | undefined;
  cluster(): ClusterStanding;
  /** The replica that KEDA asked last for it, and how long ago; undefined = it has asked none since they started. */
  asked(): { readonly replica: string; readonly secondsAgo: number } | undefined;
}

/** The workloads that the scaler knows, for the HTTP API. */
export interface WorkloadDirectory {
  list(): readonly WorkloadView[];
  /** All triggers known under that name, oldest first; empty when none. */
  find(namespace: string, name: string): readonly WorkloadView[];
}
