import { markerLabel } from '../../../src/history/prometheus/joint/joint-query.ts';
import { workloadLabel } from '../triggers.ts';

/** A series that a query asks for: the workload it is of, and the labels of the answer. */
interface AskedSeries {
  readonly app: string;
  readonly labels: Readonly<Record<string, string>>;
}

const oneApp = new RegExp(`${workloadLabel}="([^"]*)"`, 'g');
const manyApps = new RegExp(`${workloadLabel}=~"([^"]*)"`, 'g');

/** A part of a query that is asked together with others, and the number that marks it. */
const markedPart = new RegExp(`label_replace\\((.*?), "${markerLabel}", "(\\d+)", "", ""\\)`, 'g');

/**
 * The series of a query of the benchmark: one without labels where it names one workload, one for each workload where it names
 * several, with their label; and of a joint query those of all its parts, each with its mark. It reads no PromQL but that.
 */
export function askedSeries(query: string): readonly AskedSeries[] {
  const parts = [...query.matchAll(markedPart)];
  if (parts.length === 0) return seriesOfPart(query, {});
  return parts.flatMap(([, part = '', mark = '']) => seriesOfPart(part, { [markerLabel]: mark }));
}

function seriesOfPart(query: string, marks: Readonly<Record<string, string>>): readonly AskedSeries[] {
  const several = [...query.matchAll(manyApps)].flatMap(([, apps = '']) => apps.split('|'));
  if (several.length > 0) return several.map((app) => ({ app, labels: { ...marks, [workloadLabel]: app } }));
  return [...query.matchAll(oneApp)].map(([, app = '']) => ({ app, labels: marks }));
}
