import { type Report, readable, standingOf, whyNoResult } from './report.ts';

/** The report for a terminal. */
export function reportText(report: Report): string {
  const { script, passed, seconds, iterations, dropped, rules, checks, latencies } = report;
  const verdict = passed ? 'passed' : 'FAILED';
  const lines = [
    '',
    `${script}: ${verdict} after ${readable(seconds)} s, ${iterations} iterations, ${dropped} dropped`,
    ...[whyNoResult(report)].filter((why) => why !== undefined).map((why) => `  ${why}`),
    '',
    ...table(
      ['latency, ms', 'count', 'median', 'p95', 'p99', 'max'],
      latencies.map(({ name, count, medianMs, p95Ms, p99Ms, maxMs }) => [
        name,
        ...[count, medianMs, p95Ms, p99Ms, maxMs].map(readable),
      ]),
    ),
    '',
    ...table(
      ['check', 'passed', 'failed'],
      checks.map(({ name, passes, fails }) => [name, String(passes), String(fails)]),
    ),
    '',
    ...table(
      ['rule', 'was', ''],
      rules.map((rule) => [
        `${rule.metric} ${rule.rule}`,
        readable(rule.value),
        standingOf(rule).replace('broken', 'BROKEN'),
      ]),
    ),
    '',
  ];
  return lines.join('\n');
}

/** Formats rows in columns. The first column is left-aligned, the others are right-aligned. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? `  ${cell.padEnd(widths[0] ?? 0)}` : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
}
