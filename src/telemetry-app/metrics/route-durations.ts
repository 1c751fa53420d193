/** What is known of the answers of one method, route and status. */
interface RouteSeries {
  readonly labels: { readonly method: string; readonly route: string; readonly status: number };
  /** Durations up to each bound and above the one before; the last are above all bounds. */
  readonly counts: Float64Array;
  count: number;
  sumSeconds: number;
  /** The newest of each bucket that has one. */
  readonly exemplars: (Exemplar | undefined)[];
}

/** A request to look at, for instance by its trace id. */
interface Exemplar {
  readonly labelSet: Readonly<Record<string, string>>;
  readonly value: number;
  /** Unix time in seconds. */
  readonly timestamp: number;
}

/**
 * How many requests were answered and how long they took. This is what the app does most often: a histogram of
 * prom-client joins labels to a text and looks it up for every request, which took a fifth of its throughput
 * (bench/telemetry-app/bench-app.ts).
 */
export interface RouteDurations {
  readonly bounds: readonly number[];
  observe(method: string, route: string, status: number, seconds: number, exemplar?: Exemplar): void;
  series(): readonly RouteSeries[];
}

/** `bounds` in seconds, ascending; a duration on a bound is within it. */
export function createRouteDurations(bounds: readonly number[]): RouteDurations {
  const all: RouteSeries[] = [];
  const byMethod = new Map<string, Map<string, Map<number, RouteSeries>>>();

  function add(method: string, route: string, status: number): RouteSeries {
    const counts = new Float64Array(bounds.length + 1);
    const labels = { method, route, status };
    const series: RouteSeries = { labels, counts, count: 0, sumSeconds: 0, exemplars: [] };
    const byRoute = byMethod.get(method) ?? new Map<string, Map<number, RouteSeries>>();
    const byStatus = byRoute.get(route) ?? new Map<number, RouteSeries>();
    byMethod.set(method, byRoute.set(route, byStatus.set(status, series)));
    all.push(series);
    return series;
  }

  return {
    bounds,
    observe(method, route, status, seconds, exemplar) {
      const series = byMethod.get(method)?.get(route)?.get(status) ?? add(method, route, status);
      let bucket = 0;
      while (bucket < bounds.length && seconds > (bounds[bucket] ?? 0)) bucket++;
      series.counts[bucket] = (series.counts[bucket] ?? 0) + 1;
      series.count++;
      series.sumSeconds += seconds;
      if (exemplar !== undefined) series.exemplars[bucket] = exemplar;
    },
    series: () => all,
  };
}

/** A sample as the registry of prom-client writes it. */
interface Sample {
  readonly metricName: string;
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
  readonly exemplar?: Exemplar;
}

/** The samples of a Prometheus histogram: for each series its buckets, which are cumulative, its sum and its count. */
export function histogramSamples(name: string, { bounds, series }: RouteDurations): Sample[] {
  return series().flatMap(({ labels, counts, count, sumSeconds, exemplars }) => {
    let cumulative = 0;
    const buckets = [...bounds, '+Inf'].map((le, bucket) => {
      cumulative += counts[bucket] ?? 0;
      const exemplar = exemplars[bucket];
      return {
        metricName: `${name}_bucket`,
        labels: { le, ...labels },
        value: cumulative,
        ...(exemplar === undefined ? {} : { exemplar }),
      };
    });
    return [
      ...buckets,
      { metricName: `${name}_sum`, labels, value: sumSeconds },
      { metricName: `${name}_count`, labels, value: count },
    ];
  });
}
