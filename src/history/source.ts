/**
 * Rows of one series. `timestamps` are unix seconds, strictly rising, multiples of the step apart from the
 * source's own phase. A missing row is left out, and a zero is a zero. `values` are finite.
 */
export interface History {
  readonly stepSeconds: number;
  readonly timestamps: Float64Array;
  readonly values: Float64Array;
  /**
   * By row, 1 where demand may have been higher: it was cut off at capacity, or the source says that its answer is partial. Absent
   * where that is not known of any row.
   */
  readonly isCensored?: Uint8Array;
  /** Spans of time of which the source says that part of the data is missing, so that a missing row there is no zero. */
  readonly partialSpans?: readonly TimeSpan[];
  /** Remarks of the source that a user should see; they are no errors. */
  readonly warnings: readonly string[];
}

/**
 * The rows as they are, though the source may have said that they are partial: for one forecast, whose reader sees the warning. A
 * model that serves learns them as what demand was at least.
 */
export function asComplete({ isCensored: _, partialSpans: _1, ...history }: History): History {
  return history;
}

/** A span of time, both ends inclusive, unix seconds. */
export interface TimeSpan {
  readonly startSeconds: number;
  readonly endSeconds: number;
}

export interface RangeRequest {
  readonly query: string;
  /** Both ends are inclusive and aligned down to the step. */
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly stepSeconds: number;
  readonly signal?: AbortSignal | undefined;
}

export interface InstantRequest {
  readonly query: string;
  readonly atSeconds: number;
  readonly signal?: AbortSignal | undefined;
}

export type InstantResult =
  | {
      readonly kind: 'value';
      readonly value: number;
      /** Time of the sample. */
      readonly atSeconds: number;
      /** The source says that part of the data is missing: the value may be too low. */
      readonly isPartial?: boolean;
    }
  /**
   * There is no series (`isEmpty`), or its value is not a number: both are missing data, which is not zero. `reason` says
   * what is missing and, in the source's query language, what the user can do.
   */
  | {
      readonly kind: 'missing';
      readonly isEmpty: boolean;
      readonly reason: string;
      /** The source says that part of the data is missing, so that no series does not mean no demand. */
      readonly isPartial?: boolean;
    };

/** What reads the rows of a query. */
export interface RangeReader {
  range(request: RangeRequest): Promise<History>;
}

/**
 * The contract of a history source, whatever its query language. Calls reject with a ForescaleError that names the culprit and
 * the remedy; `test/real/history-contract.ts` is the suite that every kind of source passes.
 */
export interface HistorySource extends RangeReader {
  instant(request: InstantRequest): Promise<InstantResult>;
  /**
   * Span of time that one value of the query sums up, seconds; 0 where it has none. A value lags by half of it, so that a lag of
   * another cause, such as an offset, counts twice.
   */
  rateWindowSeconds(query: string): number;
  /** What a user should know about a query, in its language, beginning with `query: `. */
  queryWarnings?(query: string): readonly string[];
}

/** Who asks, and what is sent along, on the connection that all callers share. */
export interface RequestExtras {
  /** The Kubernetes namespace that asks: namespaces take turns, and none gets more than half of what may run at once. */
  readonly namespace?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Parameters of the URL. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Limit of each instant query; it replaces the source's own. */
  readonly timeoutMs?: number | undefined;
  /** The query must not be repeated to others, so that it is asked together with such queries only. */
  readonly isConcealed?: boolean;
}

/** Which source a trigger asks for, and what it wants sent along. */
export interface SourceWish extends RequestExtras {
  /** An address or a profile's name; undefined = the default source. */
  readonly address?: string | undefined;
  /** Profiles may be closed to a namespace; empty where none asks. */
  readonly namespace: string;
  /**
   * What must not be repeated, because it comes from the environment of pods: the `words` of the source, which may repeat a query,
   * or its `address` and its words.
   */
  readonly concealed?: 'words' | 'address' | undefined;
}

/** A source that was granted. */
export interface NamedSource {
  /** The source's name for people: its profile, or the address without credentials, or a stand-in for either. */
  readonly name: string;
  readonly source: HistorySource;
  /** Where its data is: what is learned from one place is not gone on from at another. Shown to nobody. */
  readonly place?: string | undefined;
}

/** One series of a query's answer. The value may be NaN or infinite. */
export interface LabelledValue {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A source that gives every series of a query, and its name for people. */
export interface SeriesSource {
  readonly name: string;
  vector(request: InstantRequest): Promise<readonly LabelledValue[]>;
}

/** A source with its connection. */
export interface OpenSource extends HistorySource {
  /** Origin and path, without credentials. */
  readonly address: string;
  /** The same source for a caller with wishes of its own. */
  with(extras: RequestExtras): HistorySource;
  /** Reads every series of a query now; absent where the kind of source has no labels. */
  readonly vector?: SeriesSource['vector'] | undefined;
  close(): Promise<void>;
}
