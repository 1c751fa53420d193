import type {
  AddedEvent,
  CalendarEvent,
  DecisionRecord,
  WorkloadDirectory,
  WorkloadView,
} from '../forecast/index.ts';
import type { ArchiveState } from '../history/archive/index.ts';
import type { History } from '../history/source.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/log.ts';
import type { CertificateSource } from '../platform/tls/serving-certificate.ts';
import type { PolicyName, Question, ScenarioSettings, WhatIfAnswer } from '../what-if/index.ts';
import type { ApiPlugin } from './instance.ts';
import type { ApiLimits } from './limits.ts';
import type { PeerSide, ReplicaStanding, ServerMode } from './peers.ts';
import type { KnownEvent } from './schemas/calendars.ts';
import type { Event } from './schemas/events.ts';
import type { ShardsSide } from './shards.ts';

/** Reads the history for an ad-hoc forecast or a what-if. Rejects with a ForescaleError that names what is wrong. */
export interface AdHocForecaster {
  history(
    request: {
      readonly query: string;
      /** An allow-listed address or a profile's name; undefined = the default source. */
      readonly address: string | undefined;
      readonly rangeSeconds: number;
      /** Distance of the rows; undefined = chosen by the range. */
      readonly stepSeconds: number | undefined;
    },
    signal: AbortSignal,
  ): Promise<AdHocHistory>;
}

export interface AdHocHistory extends History {
  /** Span of time that one value of its query sums up, seconds; 0 or undefined where the query has none. */
  readonly rateWindowSeconds?: number;
}

/** Plays what-ifs where they hold up nothing else. */
export interface WhatIfPlayer {
  /**
   * Rejects with a ForescaleError that says what the history lacks or the server has too little of, and with the signal's reason
   * when that aborts.
   */
  play(
    request: Pick<Question, 'serviceLevel' | 'pricePerReplicaHour' | 'model'> & {
      readonly history: History;
      /** How much of the newest history is replayed. */
      readonly rangeSeconds: number;
      readonly settings: ScenarioSettings;
      readonly policies: readonly PolicyName[];
    },
    signal: AbortSignal,
  ): Promise<WhatIfAnswer & { readonly events?: KnownEvent[]; readonly warnings: readonly string[] }>;
}

interface ReadyState {
  readonly ready: boolean;
  /** Reasons for which the server is not ready yet; empty when it is ready. */
  readonly reasons: readonly string[];
}

/** The metrics of the server, as text that is written while it is read. */
interface MetricsText {
  /** Metrics of the server and the usual ones of every workload. */
  all(): Exposition;
  /** Every metric of some workloads. */
  of(workloads: readonly WorkloadView[]): Exposition;
}

interface Exposition {
  readonly contentType: string;
  readonly body: AsyncIterable<string>;
}

/** The kill switch: `reactive` makes every signal the observed demand at once. */
export interface ModeSwitch {
  mode(): ServerMode;
  /** Switches at once, and tells the other replicas; settles when they have answered or a few seconds are over. */
  setMode(mode: ServerMode): Promise<void>;
}

/** A decision on record. A part that is undefined was not served or not known then. */
export interface PastDecision {
  readonly atSeconds: number;
  readonly signal: number | undefined;
  readonly predictedPeak: number | undefined;
  readonly replicasAsked: number | undefined;
}

/** The decisions of a workload that were in force in a span of time, rising in time; one in about `stepSeconds` is enough. */
export type PastDecisions = (
  workload: Pick<WorkloadView, 'namespace' | 'name' | 'trigger'>,
  span: { readonly fromSeconds: number; readonly toSeconds: number; readonly stepSeconds: number },
  signal: AbortSignal,
) => Promise<readonly PastDecision[]>;

/** How a calendar stands. */
export interface CalendarStanding {
  readonly name: string;
  /** Where it is read from, for people, without what may be secret. */
  readonly source: string;
  /** Patterns of the workloads that have it. */
  readonly workloads: readonly string[];
  readonly events: readonly CalendarEvent[];
  readonly warnings: readonly string[];
  /** Unix seconds of the last reading that was good; undefined before the first. */
  readonly readAt: number | undefined;
  /** Why the newest try failed, so that the last good reading counts; undefined where it did not. */
  readonly failure: string | undefined;
  /** The same in a word that a metric has as a label. */
  readonly failureReason: string | undefined;
}

/** An event that somebody added while the server ran. */
export interface AddedStanding {
  readonly id: string;
  readonly addedAt: number;
  readonly event: AddedEvent;
}

/** The calendars of a server. */
export interface CalendarBook {
  calendars(): readonly CalendarStanding[];
  added(): readonly AddedStanding[];
  /** Settles when it is kept. Rejects with `invalid-argument` or `limit-reached`. */
  add(event: AddedEvent): Promise<AddedStanding>;
  /** False where there is none. */
  remove(id: string): Promise<boolean>;
}

/** The parts of which the HTTP API is made. */
export interface ApiOptions {
  readonly directory: WorkloadDirectory;
  /** The decisions that were served; undefined = none are on record. */
  readonly record?: DecisionRecord | undefined;
  readonly adHoc: AdHocForecaster;
  readonly whatIf?: WhatIfPlayer | undefined;
  readonly ready: () => ReadyState;
  readonly metrics: MetricsText;
  /** The current bearer token of routes that change things or cost much; rejects when it cannot be read. */
  readonly token?: (() => Promise<string>) | undefined;
  /** Whether only this machine can connect. Then no token is asked for. */
  readonly boundToLoopback: boolean;
  readonly limits?: Partial<ApiLimits>;
  readonly log: Logger;
  readonly clock: Clock;
  readonly version: string;
  /** Serves HTTPS instead of HTTP. Clients are not asked for certificates, because probes have none. */
  readonly certificates?: CertificateSource | undefined;
  readonly modeSwitch?: ModeSwitch;
  /** The triggers that KEDA asks for, a line of JSON each, all or those with the keys, for another replica. */
  readonly knownLines?: (keys: readonly string[] | undefined) => AsyncIterable<string>;
  /** What changed since a time, of all workloads and the server; by default nothing is remembered. */
  readonly events?: ((sinceSeconds: number) => Promise<readonly Event[]>) | undefined;
  /** The calendars; undefined = the server has none and takes none. */
  readonly calendars?: CalendarBook | undefined;
  /** What other replicas are told. */
  readonly peerSide?: PeerSide | undefined;
  /** This replica and the others that are known; by default there is none. */
  readonly replicas?: (() => readonly ReplicaStanding[]) | undefined;
  /** The releases that share the workloads of the cluster; undefined = this server serves all. */
  readonly shards?: ShardsSide | undefined;
  /** The record of decisions; without one, only the newest decision of each workload can be asked for. */
  readonly pastDecisions?: PastDecisions;
  /** How the archive of demand stands; undefined = nothing is archived. */
  readonly archive?: (() => ArchiveState) | undefined;
  /** Each plugin is called once, after the API's own routes, and may add routes of its own. */
  readonly plugins?: readonly ApiPlugin[];
}
