import { withTables } from '../../bench/report/tables.ts';
import { kedaReleases } from './keda-releases.ts';
import { type KedaRuns, kedaRuns } from './keda-runs.ts';
import { newestMinor, oldestMinor } from './manifest-schemas.ts';

/** The document with the table of the versions of KEDA and Kubernetes. */
export const kedaTablePath = 'docs/kubernetes.md';

/** The document with its table made anew. */
export function withKedaTable(text: string): string {
  return withTables(text, new Map([['keda', kedaTable(kedaRuns())]]));
}

/** What was tried with each release of KEDA and each version of Kubernetes, as a Markdown table. */
export function kedaTable(runs: KedaRuns): string {
  const minors = Array.from({ length: newestMinor - oldestMinor + 1 }, (_, index) => oldestMinor + index);
  const rows = kedaReleases.map(({ version, testedMinors: [oldest, newest] }) => {
    const cells = minors.map((minor) => {
      const isOf = (kubernetes: string | undefined) => kubernetes?.startsWith(`v1.${minor}.`) === true;
      const tried = ['schemas'];
      if (isOf(runs.definitions[version])) tried.push('server');
      if (isOf(runs.played[version])) tried.push('played');
      const cell = tried.join(', ');
      return minor >= oldest && minor <= newest ? `**${cell}**` : cell;
    });
    return row([version.slice(1), ...cells]);
  });
  const head = ['KEDA', ...minors.map((minor) => `1.${minor}`)];
  return [row(head), row(head.map(() => '---')), ...rows].join('\n');
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
