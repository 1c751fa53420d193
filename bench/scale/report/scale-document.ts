import { markdownTable } from '../../report/markdown.ts';
import type { Section } from '../../report/report.ts';
import type { ShardTrialReport } from '../shards/trial-report.ts';
import { trialSections } from '../shards/trial-sections.ts';
import { type CallsPerMinute, countKedaCalls } from './keda-calls.ts';
import { barRows } from './scale-bars.ts';
import { plannedRun, planRows } from './scale-plan.ts';
import type { ScaleReport } from './scale-report.ts';
import { costRows, scaleSections } from './scale-sections.ts';

/** The tables of docs/scale.md, by their markers. */
export async function scaleTables(
  report: ScaleReport,
  sources: readonly ScaleReport[],
  trial: ShardTrialReport,
): Promise<ReadonlyMap<string, string>> {
  const partsOf = (sections: readonly Section[]) =>
    sections.map(({ notes, rows }) => `${notes.join('\n\n')}\n\n${markdownTable(rows)}`).join('\n');
  const calls = await countKedaCalls();
  const planned = plannedRun(report.runs);
  return new Map([
    ['scale', `\n${partsOf(scaleSections(report))}`],
    ['real-sources', `\n${markdownTable(sourceRows(sources))}`],
    ['shards', `\n${partsOf(trialSections(trial))}`],
    ['bars', `\n${markdownTable(barRows(report))}`],
    ['keda-calls', `\n${markdownTable(callRows(calls))}`],
    ['plan', planned === undefined ? '' : `\n${markdownTable(planRows(planned, calls))}`],
  ]);
}

/** The same parts as with the stand-in, a column for each real source and number of workloads. */
function sourceRows(reports: readonly ScaleReport[]): readonly (readonly string[])[] {
  const columns = reports.flatMap(({ source, runs }) =>
    runs.map((run) => [`${source}, ${run.workloads}`, run] as const),
  );
  return costRows('source, workloads', new Map(columns));
}

function callRows(calls: readonly CallsPerMinute[]): readonly (readonly string[])[] {
  const short = (value: number) => String(Number(value.toFixed(1)));
  return [
    ['trigger', 'GetMetricSpec', 'GetMetrics', 'IsActive', 'calls a minute', 'saved'],
    ...calls.map(({ what, calls: { GetMetricSpec, GetMetrics, IsActive }, together }) => [
      what,
      ...[GetMetricSpec, GetMetrics, IsActive, together].map(short),
      `${Math.round(100 * (1 - together / (calls[0]?.together ?? together)))}%`,
    ]),
  ];
}
