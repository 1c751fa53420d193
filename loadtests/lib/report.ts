/** The fields read from the data that k6 passes to handleSummary. */
export interface K6Summary {
  readonly metrics: Readonly<Record<string, K6Metric>>;
  readonly root_group: K6Group;
  readonly state: { readonly testRunDurationMs: number };
}

interface K6Metric {
  readonly type: string;
  /** Kind of the values; `time` means milliseconds. */
  readonly contains: string;
  readonly values: Readonly<Record<string, number>>;
  readonly thresholds?: Readonly<Record<string, { readonly ok: boolean }>>;
}

interface K6Group {
  readonly checks: readonly { readonly name: string; readonly passes: number; readonly fails: number }[];
  readonly groups: readonly K6Group[];
}

/** The result of a run. Every form of the summary is made from it, and it is the JSON itself. */
export interface Report {
  readonly script: string;
  /** Whether the run reached its end, something was measured, and every rule held. */
  readonly passed: boolean;
  readonly seconds: number;
  /** Planned length of the load. */
  readonly wantedSeconds: number;
  readonly iterations: number;
  /** Number of arrivals that were not sent, because too many requests were waiting. */
  readonly dropped: number;
  readonly rules: readonly Rule[];
  readonly checks: readonly { readonly name: string; readonly passes: number; readonly fails: number }[];
  readonly latencies: readonly Latency[];
  /** Wanted requests per second at evenly spaced times from beginning to end. */
  readonly wantedRps: readonly number[];
  readonly settings: Readonly<Record<string, string>>;
}

/** A threshold of k6 and its result, such as: `http_req_failed` must be `rate<0.01` and was 0.002. */
export interface Rule {
  readonly metric: string;
  readonly rule: string;
  readonly passed: boolean;
  /** The measured value; undefined where nothing was measured. */
  readonly value: number | undefined;
}

/** Quantiles of one latency, milliseconds. */
export interface Latency {
  readonly name: string;
  readonly count: number;
  readonly medianMs: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** Names of k6's metrics for whole requests and calls. Its other durations are parts of these. */
const latencyMetric = /^(?:http|grpc)_req_duration\b/;
const wantedPoints = 400;
/** Largest difference by rounding between the planned and the measured length of a complete run. */
const clockToleranceSeconds = 0.5;

export function toReport(
  data: K6Summary,
  run: {
    readonly script: string;
    readonly wantedRps: readonly number[];
    readonly wantedSeconds: number;
    readonly settings: ReadonlyMap<string, string>;
  },
): Report {
  // k6 gives the metrics in no particular order.
  const metrics = Object.entries(data.metrics).sort(([a], [b]) => (a < b ? -1 : 1));
  const rules = metrics.flatMap(([name, metric]) =>
    Object.entries(metric.thresholds ?? {}).map(([rule, { ok }]) => ({
      metric: name,
      rule,
      passed: ok,
      value: wasMeasured(metric) ? metric.values[rule.split(/[<>=!]/)[0]?.trim() ?? ''] : undefined,
    })),
  );
  const iterations = data.metrics['iterations']?.values['count'] ?? 0;
  const step = Math.max(1, Math.ceil(run.wantedRps.length / wantedPoints));
  const ran = { seconds: data.state.testRunDurationMs / 1000, wantedSeconds: run.wantedSeconds, iterations };
  return {
    script: run.script,
    passed: whyNoResult(ran) === undefined && rules.every(({ passed }) => passed),
    ...ran,
    dropped: data.metrics['dropped_iterations']?.values['count'] ?? 0,
    rules,
    checks: checksOf(data.root_group),
    latencies: metrics.filter(([name]) => latencyMetric.test(name)).flatMap(toLatency),
    wantedRps: run.wantedRps.filter((_, index) => index % step === 0),
    settings: Object.fromEntries(run.settings),
  };
}

/** Whether a metric has samples. k6 reports zeros for a trend or rate without any; a counter's zero is a true value. */
function wasMeasured({ type, values }: K6Metric): boolean {
  if (type === 'trend') return (values['count'] ?? 0) > 0;
  return type !== 'rate' || (values['passes'] ?? 0) + (values['fails'] ?? 0) > 0;
}

function toLatency([name, metric]: readonly [string, K6Metric]): Latency[] {
  if (!wasMeasured(metric)) return [];
  const { values } = metric;
  const count = values['count'] ?? 0;
  const read = (stat: string) => values[stat] ?? Number.NaN;
  return [
    { name, count, medianMs: read('med'), p95Ms: read('p(95)'), p99Ms: read('p(99)'), maxMs: read('max') },
  ];
}

function checksOf({ checks, groups }: K6Group): Report['checks'] {
  const own = checks.map(({ name, passes, fails }) => ({ name, passes, fails }));
  return [...own, ...groups.flatMap(checksOf)];
}

/** Why a run has no result although its rules may hold: it ended early, or nothing was measured. Undefined where it has one. */
export function whyNoResult(
  ran: Pick<Report, 'iterations' | 'seconds' | 'wantedSeconds'>,
): string | undefined {
  const { iterations, seconds, wantedSeconds } = ran;
  if (iterations === 0) return 'nothing was measured: it ended before the first request was answered';
  return seconds > wantedSeconds - clockToleranceSeconds
    ? undefined
    : `it was stopped: ${readable(seconds)} s of ${readable(wantedSeconds)} s were sent`;
}

/** The state of a rule in words. A rule about a metric without samples is `not measured`. */
export function standingOf({ passed, value }: Rule): 'holds' | 'broken' | 'not measured' {
  if (value === undefined) return passed ? 'not measured' : 'broken';
  return passed ? 'holds' : 'broken';
}

/** Formats a number with three significant digits; digits before the point are all kept. */
export function readable(value: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return '–';
  return Math.abs(value) >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}
