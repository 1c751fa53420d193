/** What was measured with one number of workloads. CPU is time of all threads of the server's process. */
export interface ScaleRun {
  readonly workloads: number;
  readonly shapes: number;
  /** Part of {@link ScaleReport}, by name; a part that was not asked for is undefined. */
  readonly start?: StartCost | undefined;
  readonly refresh?: SteadyCost | undefined;
  readonly keda?: KedaCost | undefined;
  readonly calls?: Readonly<Record<'GetMetrics' | 'IsActive', CallCost>> | undefined;
  readonly rate?: RateCost | undefined;
  readonly metrics?: MetricsCost | undefined;
  readonly restart?: StartCost | undefined;
  readonly memory: { readonly rssMiB: number; readonly peakMiB: number };
}

/** From the start of the process until every workload has a forecast. */
export interface StartCost {
  readonly cpuSeconds: number;
  readonly seconds: number;
  /** CPU until the server listened. */
  readonly listenCpuSeconds: number;
  readonly loopP99Ms: number;
  readonly loopMaxMs: number;
  readonly peakMiB: number;
  /** Workloads that had a forecast in the end. */
  readonly warm: number;
}

/** A time in which nobody asks the server anything. */
export interface SteadyCost {
  readonly cores: number;
  readonly instantQueriesPerSecond: number;
  readonly rangeQueriesPerSecond: number;
  /** By how much the time between two observations of a workload is longer than the interval, 99 % of the time, seconds. */
  readonly lagP99Seconds: number;
  readonly loopP99Ms: number;
  readonly loopMaxMs: number;
}

/** A time in which KEDA and the HPA ask about every workload; `bare…` is a bare grpc-js server that is asked the same after it. */
export interface KedaCost extends SteadyCost {
  readonly callsPerSecond: number;
  readonly failed: number;
  /** Of them by the name of their gRPC status; absent in older records. */
  readonly failures?: Readonly<Record<string, number>>;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly bareCores: number;
  readonly bareP50Ms: number;
  readonly bareP99Ms: number;
}

/** CPU of a call net of what the server uses when nobody asks, medians over pairs of rounds. */
export interface CallCost {
  readonly microseconds: number;
  readonly bareMicroseconds: number;
  /** What the server used meanwhile when nobody asked. */
  readonly idleCores?: number;
  /** Median of bare ÷ ours over the pairs. */
  readonly ratio: number;
  /** A quarter of the pairs is below the first, a quarter above the second. */
  readonly ratioQuartiles: readonly [number, number];
}

/** Latency of GetMetrics at an even rate, medians over pairs of rounds. */
export interface RateCost {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly bareP50Ms: number;
  readonly bareP99Ms: number;
  /** Median of ours ÷ bare over the pairs. */
  readonly p99Ratio: number;
}

/** One scrape of `/metrics`, medians. */
export interface MetricsCost {
  readonly bytes: number;
  readonly seriesPerWorkload: number;
  readonly cpuSeconds: number;
  readonly longestBlockMs: number;
  /** Memory above that before the scrapes, at most. */
  readonly extraPeakMiB: number;
}

export interface ScaleReport {
  /** Day of the run, such as 2026-11-30. */
  readonly recorded: string;
  readonly source: string;
  readonly history: string;
  readonly node: string;
  readonly processor: string;
  readonly cores: number;
  readonly runs: readonly ScaleRun[];
}
