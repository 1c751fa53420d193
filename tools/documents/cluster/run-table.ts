import type { RecordedRun } from './recorded-run.ts';

/** The table of docs/kubernetes.md: what each assertion of the recorded run saw, in the words that the run printed. */
export function runTable({ recorded, found }: RecordedRun): string {
  const rows = Object.entries(found).map(
    ([name, { line }]) => `| ${name} | ${line.replaceAll('|', '\\|')} |`,
  );
  return [`| recorded on ${recorded} | seen |`, '| --- | --- |', ...rows].join('\n');
}
