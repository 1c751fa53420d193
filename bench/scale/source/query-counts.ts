import type { Asked } from './asking-record.ts';

/** Names of the counters of queries: those of Prometheus and of VictoriaMetrics. */
const counters = /^(?:prometheus_http_requests_total|vm_http_requests_total)\{([^}]*)\} (\S+)$/gm;

/** Answers what a real source was asked since the call before, by its own metrics; how late it was asked it does not tell. */
export function createQueryCounts(url: string): () => Promise<Asked> {
  let before = { instantQueries: 0, rangeQueries: 0 };
  return async () => {
    const now = countQueries(await (await fetch(`${url}/metrics`)).text());
    const asked = {
      instantQueries: now.instantQueries - before.instantQueries,
      rangeQueries: now.rangeQueries - before.rangeQueries,
      gapP99Seconds: Number.NaN,
    };
    before = now;
    return asked;
  };
}

/** Queries that a source has answered so far, by the text of its `/metrics`. */
export function countQueries(text: string): Pick<Asked, 'instantQueries' | 'rangeQueries'> {
  const found = [...text.matchAll(counters)];
  const sumOf = (path: string) =>
    found.reduce(
      (sum, [, labels = '', value]) => (labels.includes(`"${path}"`) ? sum + Number(value) : sum),
      0,
    );
  return { instantQueries: sumOf('/api/v1/query'), rangeQueries: sumOf('/api/v1/query_range') };
}
