import { markdownTable } from '../../report/markdown.ts';
import { type CallsPerMinute, countKedaCalls } from './keda-calls.ts';
import { barRows } from './scale-bars.ts';
import { planRows } from './scale-plan.ts';
import type { ScaleReport } from './scale-report.ts';
import { scaleSections } from './scale-sections.ts';

/** The tables of docs/scale.md, by their markers. */
export async function scaleTables(report: ScaleReport): Promise<ReadonlyMap<string, string>> {
  const parts = scaleSections(report).map(
    ({ notes, rows }) => `${notes.join('\n\n')}\n\n${markdownTable(rows)}`,
  );
  const calls = await countKedaCalls();
  const largest = report.runs.toSorted((a, b) => b.workloads - a.workloads)[0];
  return new Map([
    ['scale', `\n${parts.join('\n')}`],
    ['bars', `\n${markdownTable(barRows(report))}`],
    ['keda-calls', `\n${markdownTable(callRows(calls))}`],
    ['plan', largest === undefined ? '' : `\n${markdownTable(planRows(largest, calls))}`],
  ]);
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
