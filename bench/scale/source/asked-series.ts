import { workloadLabel } from '../triggers.ts';

/** A series that a query asks for: the workload it is of, and the labels of the answer. */
interface AskedSeries {
  readonly app: string;
  readonly labels: Readonly<Record<string, string>>;
}

const oneApp = new RegExp(`${workloadLabel}="([^"]*)"`, 'g');
const manyApps = new RegExp(`${workloadLabel}=~"([^"]*)"`, 'g');

/**
 * The series of a query of the benchmark: one without labels where it names one workload, one for each workload where it names
 * several, with their label. It reads no PromQL but the matchers of the label that names workloads.
 */
export function askedSeries(query: string): readonly AskedSeries[] {
  const several = [...query.matchAll(manyApps)].flatMap(([, apps = '']) => apps.split('|'));
  if (several.length > 0) return several.map((app) => ({ app, labels: { [workloadLabel]: app } }));
  return [...query.matchAll(oneApp)].map(([, app = '']) => ({ app, labels: {} }));
}
