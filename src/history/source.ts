/**
 * Rows of one series. `timestamps` are unix seconds, strictly rising, multiples of the step apart from the
 * source's own phase; a missing row is simply not there, a zero is a zero. `values` are finite.
 */
export interface History {
  readonly stepSeconds: number;
  readonly timestamps: Float64Array;
  readonly values: Float64Array;
  /** By row, 1 where demand may have been cut off at capacity; absent where that cannot be told of any. */
  readonly isCensored?: Uint8Array;
  /** Things the source said that a user should see; not faults. */
  readonly warnings: readonly string[];
}

export interface RangeRequest {
  readonly query: string;
  /** Inclusive; both are aligned down to the step. */
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly stepSeconds: number;
  readonly signal?: AbortSignal;
}

export type InstantResult =
  | { readonly kind: 'value'; readonly value: number; readonly atSeconds: number }
  /** No series (`isEmpty`), or a value that is not a number: missing, which is not zero. */
  | { readonly kind: 'missing'; readonly isEmpty: boolean; readonly reason: string };

/** Where demand history comes from. Rejects with a ForescaleError that names the culprit and the remedy. */
export interface HistorySource {
  range(request: RangeRequest): Promise<History>;
  instant(request: {
    readonly query: string;
    readonly atSeconds: number;
    readonly signal?: AbortSignal;
  }): Promise<InstantResult>;
}
