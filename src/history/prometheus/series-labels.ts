import { namedSeries } from '../http/refusals.ts';
import { isTextRecord, parseJson } from '../http/wire-text.ts';

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
): { readonly count: number; readonly labels: readonly string[] | undefined } | undefined {
  const first = text.indexOf(seriesStart);
  if (first < 0 || text.indexOf(seriesStart, first + 1) < 0) return undefined;
  let count = 0;
  const labels: (string | undefined)[] = [];
  for (let at = first; at >= 0; at = text.indexOf(seriesStart, at + 1)) {
    count++;
    if (labels.length < namedSeries) labels.push(labelsAt(text, at + seriesStart.length - 1));
  }
  const found = labels.filter((text) => text !== undefined);
  return { count, labels: found.length === labels.length ? found : undefined };
}

function labelsAt(text: string, at: number): string | undefined {
  flatObject.lastIndex = 0;
  const labels = parseJson(flatObject.exec(text.slice(at, at + longestLabels))?.[0] ?? '');
  return isTextRecord(labels) ? formatLabels(labels) : undefined;
}

/** Writes labels as PromQL does: `up{job="a"}`. */
export function formatLabels(labels: Readonly<Record<string, string>>): string {
  const { __name__: name = '', ...rest } = labels;
  const pairs = Object.entries(rest).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  return `${name}{${pairs.join(', ')}}`;
}

/** The same labels in the order of their names. */
export function sorted(labels: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}
