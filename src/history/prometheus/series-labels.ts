import { namedSeries } from '../http/refusals.ts';
import { isTextRecord, parseJson } from '../http/wire-text.ts';

export type Labels = Readonly<Record<string, string>>;

const seriesStart = '"metric":{';
/** A flat JSON object of strings, as the labels of a series are. */
const flatObject = /\{(?:"(?:[^"\\]|\\.)*"|[^"{}])*\}/y;
/** Longest labels that are looked at, because a regular expression has a stack that a longer text could fill. */
const longestLabels = 65_536;

/**
 * Looks for a second series in the text of an answer without parsing it: the answer of a query that gives a thousand
 * series is megabytes that need not be turned into objects to be refused. Returns how many there are and the labels of
 * the first few (undefined where those are no labels, so that the text is no answer of the API), or undefined when there is
 * at most one.
 */
export function findSeveralSeries(
  text: string,
): { readonly count: number; readonly labels: readonly Labels[] | undefined } | undefined {
  const first = text.indexOf(seriesStart);
  if (first < 0 || text.indexOf(seriesStart, first + 1) < 0) return undefined;
  let count = 0;
  const labels: (Labels | undefined)[] = [];
  for (let at = first; at >= 0; at = text.indexOf(seriesStart, at + 1)) {
    count++;
    if (labels.length < namedSeries) labels.push(labelsAt(text, at + seriesStart.length - 1));
  }
  const found = labels.filter((one) => one !== undefined);
  return { count, labels: found.length === labels.length ? found : undefined };
}

function labelsAt(text: string, at: number): Labels | undefined {
  flatObject.lastIndex = 0;
  const labels = parseJson(flatObject.exec(text.slice(at, at + longestLabels))?.[0] ?? '');
  return isTextRecord(labels) ? labels : undefined;
}

/** How the two servers of a pair are told apart by what joins them: Thanos, Mimir and the Prometheus operator. */
const replicaLabel = /^(?:__|\w+_)?replica(?:__)?$/;

/** The only label in which series differ, where it is one that names the servers of a pair. */
export function differingReplica(series: readonly Labels[]): string | undefined {
  const names = new Set(series.flatMap((labels) => Object.keys(labels)));
  const differing = [...names].filter((name) => new Set(series.map((labels) => labels[name])).size > 1);
  const [only = '', ...others] = differing;
  return others.length === 0 && replicaLabel.test(only) ? only : undefined;
}

/** Writes labels as PromQL does: `up{job="a"}`. */
export function formatLabels(labels: Labels): string {
  const { __name__: name = '', ...rest } = labels;
  const pairs = Object.entries(rest).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  return `${name}{${pairs.join(', ')}}`;
}

/** The same labels in the order of their names. */
export function sorted(labels: Labels): Labels {
  return Object.fromEntries(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}
