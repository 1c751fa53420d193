/** One series of an answer. */
export interface MetricSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Where kube-state-metrics are read: a Prometheus that the server's configuration names, and no trigger can choose. */
export interface ClusterMetrics {
  /** Name of the source for people. */
  readonly name: string;
  /** Every series of a query as of a time. Rejects with a ForescaleError. */
  vector(request: {
    readonly query: string;
    readonly atSeconds: number;
    readonly signal: AbortSignal;
  }): Promise<readonly MetricSeries[]>;
}

/** What is asked in one batch, and as of when. */
export interface ClusterQuestion {
  readonly metrics: ClusterMetrics;
  /** Label matchers of every series, see {@link selectorOf}. */
  readonly selector: string;
  readonly atSeconds: number;
  readonly signal: AbortSignal;
}

/**
 * Label matchers for some namespaces, and more that the server's configuration adds. Namespaces have passed `checkNames`, so that
 * the dot is the only character of theirs that means something in a regular expression.
 */
export function selectorOf(namespaces: Iterable<string>, matchers = ''): string {
  const anyOf = [...namespaces].map((namespace) => namespace.replaceAll('.', String.raw`\\.`)).join('|');
  return [`namespace=~"${anyOf}"`, ...(matchers === '' ? [] : [matchers])].join(',');
}
