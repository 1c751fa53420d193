import { ForescaleError } from '../../platform/errors.ts';
import type { Cell } from './csv-problem.ts';

/** Times and values of one series, as texts; a cell's line is the number of its sample. */
export interface JsonSeries {
  readonly times: readonly Cell[];
  readonly values: readonly Cell[];
}

const remedy = 'ask /api/v1/query_range for one series, for example sum(rate(http_requests_total[2m]))';

/**
 * The series in an answer of Prometheus' `query_range`, as `curl` saves it. Of several series `column` names one, by its labels as
 * PromQL writes them or by the value of one label. Throws `invalid-csv`.
 */
export function rangeSeries(text: string, column?: string): JsonSeries {
  const answer = fieldsOf(parsed(text));
  if (answer['status'] === 'error')
    throw refused(`Prometheus answered with an error: ${String(answer['error'])}`);
  const data = 'data' in answer ? fieldsOf(answer['data']) : answer;
  const { resultType, result } = data as { resultType?: unknown; result?: unknown };
  if (resultType === 'vector' || resultType === 'scalar') {
    throw refused(
      `this is an answer of one moment (${resultType}), and a forecast needs a history; ${remedy}`,
    );
  }
  if (resultType !== 'matrix' || !Array.isArray(result)) {
    throw refused(`this is JSON, but no answer of Prometheus' query_range; ${remedy}`);
  }
  const samples = fieldsOf(chosen(result.map(fieldsOf), column))['values'];
  if (!Array.isArray(samples)) throw refused(`the series has no values (histograms are not read); ${remedy}`);
  const pairs = samples.map((sample: unknown) => (Array.isArray(sample) ? sample.map(String) : []));
  return {
    times: pairs.map(([time = ''], index) => ({ line: index + 1, text: time })),
    values: pairs.map(([, value = 'nothing'], index) => ({ line: index + 1, text: value })),
  };
}

function chosen(series: readonly Fields[], column: string | undefined): Fields {
  const named = series.filter(
    ({ metric }) =>
      column === undefined ||
      selectorOf(metric) === column ||
      Object.values(fieldsOf(metric)).includes(column),
  );
  if (named.length === 1 && named[0] !== undefined) return named[0];
  const names = series.slice(0, 5).map(({ metric }) => selectorOf(metric));
  const shown = `${names.join(', ')}${series.length > 5 ? ', …' : ''}`;
  if (series.length === 0) throw refused('the answer has no series: the query found nothing in this range');
  throw refused(
    column === undefined
      ? `the answer has ${series.length} series: ${shown}; choose one with --column, or add them up with sum() in the query`
      : `--column: ${named.length === 0 ? 'no' : 'more than one'} series is called "${column}"; the series are ${shown}`,
  );
}

function selectorOf(metric: unknown): string {
  const { __name__: name = '', ...labels } = fieldsOf(metric);
  const pairs = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  return `${String(name)}{${pairs.join(',')}}`;
}

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? (value as Fields) : {};

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ForescaleError('invalid-csv', `this looks like JSON and cannot be read: ${String(cause)}`, {
      cause,
    });
  }
}

const refused = (message: string) => new ForescaleError('invalid-csv', message);
