import { invalidField } from '../../platform/errors.ts';

/** Times that a query is asked for, (startSeconds, endSeconds] in unix seconds, with one row for each interval. */
export interface InfluxSpan {
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly intervalSeconds: number;
}

/** A query that can be asked, for messages. */
export const exampleQuery = 'SELECT sum("rate") FROM "requests" WHERE $timeFilter GROUP BY time($__interval)';
const groupByInterval = /\btime\(\s*\$__interval\s*\)/gi;

/**
 * Fills in the placeholders that Grafana has for InfluxQL. Throws `invalid-argument` for a query that is not one SELECT, or that
 * cannot be asked for any span of time.
 *
 * InfluxDB names a group by its start and counts a point at its very start; a row is known at its end. So groups are moved by a
 * nanosecond, which makes them (start, end], and the reader adds one interval to their times.
 * Source: InfluxDB 1 documentation, "Advanced GROUP BY time() syntax"; Grafana documentation, "InfluxDB template variables".
 */
export function fillInfluxQuery(query: string, span: InfluxSpan): string {
  checkInfluxQuery(query);
  const intervalMs = milliseconds(span.intervalSeconds);
  const endMs = milliseconds(span.endSeconds);
  const offsetNs = (endMs % intervalMs) * 1_000_000 + 1;
  // In milliseconds, because a double does not hold a time in nanoseconds exactly.
  const timeFilter = `time > ${milliseconds(span.startSeconds)}ms AND time <= ${endMs}ms`;
  return query
    .replaceAll(groupByInterval, `time(${intervalMs}ms, ${offsetNs}ns)`)
    .replaceAll('$timeFilter', timeFilter)
    .replaceAll('$__interval_ms', String(intervalMs))
    .replaceAll('$__interval', `${intervalMs}ms`);
}

function checkInfluxQuery(query: string): void {
  const wrong = errorOf(query);
  if (wrong === undefined) return;
  const message = `query: "${query}" ${wrong}; write it as ${exampleQuery}`;
  throw invalidField('query', message, query);
}

/**
 * What is wrong with a query, undefined for a good one. A trigger may only read, but InfluxDB runs several statements of one request
 * and has an INTO that writes. Both are refused wherever they stand, even within a text, so that no quoting can hide them.
 */
function errorOf(query: string): string | undefined {
  if (!/^\s*select\b/i.test(query)) return 'is no SELECT';
  if (query.includes(';')) return 'has a ";", and only one statement is allowed';
  if (/\binto\b/i.test(query)) return 'has the word INTO, and a query may only read';
  if (!query.includes('$timeFilter')) return 'does not say $timeFilter, by which the times asked for are set';
  if (query.match(groupByInterval) === null) {
    return 'does not group by time($__interval), by which it gives one row for each step';
  }
  return undefined;
}

function milliseconds(seconds: number): number {
  return Math.round(seconds * 1000);
}
