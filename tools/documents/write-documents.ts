import { writeFileSync } from 'node:fs';
import { dashboardFolder, dashboardJson, dashboards } from '../../dashboards/index.ts';
import type { CommandIo } from '../../src/cli/command-io.ts';
import { type FlagReading, type FlagTable, switchedOn } from '../../src/cli/flags.ts';
import { ownCommand, runAlone } from '../../src/cli/own-program.ts';
import { chartDocuments, chartFolder } from '../chart/chart-documents.ts';
import { monitoringFiles } from '../chart/monitoring-files.ts';
import { kedaTablePath, withKedaTable } from '../manifests/keda-table.ts';
import { noticesPath, thirdPartyNotices } from '../supply-chain/third-party-notices.ts';
import { breakingChanges } from './breaking-changes.ts';
import { hashFile, hashOf, madeDocuments, readText } from './made-documents.ts';
import { openApiPath, openApiText } from './openapi-document.ts';

/** A document, and how it is made of its text of today. */
interface Made {
  readonly path: string;
  make(text: string): Promise<string> | string;
}

const flags = {
  check: { meaning: 'write nothing, and fail where a document would change', ...switchedOn },
  breaking: {
    meaning:
      'write what programs that use the API could stumble over too; without it that is named and not written',
    ...switchedOn,
  },
} as const satisfies FlagTable;

const documents: readonly Made[] = [
  ...madeDocuments,
  { path: openApiPath, make: openApiText },
  { path: noticesPath, make: thirdPartyNotices },
  { path: kedaTablePath, make: withKedaTable },
  ...Object.entries(chartDocuments).map(([name, make]) => ({ path: `${chartFolder}/${name}`, make })),
  ...Object.entries(dashboards).map(([name, dashboard]) => ({
    path: `${dashboardFolder}/${name}.json`,
    make: () => dashboardJson(dashboard),
  })),
  ...monitoringFiles().map(({ copy, original }) => ({ path: copy, make: () => readText(original) })),
];

async function run({ values }: FlagReading<typeof flags>, io: CommandIo): Promise<void> {
  const wrong: string[] = [];
  for (const { path, make } of documents) {
    const before = readText(path);
    const after = await make(before);
    const breaking = path === openApiPath && !values.breaking ? breakingChangesOf(before, after) : [];
    if (breaking.length > 0) {
      const remedy = 'write it with DOCS_ARGS=--breaking if this is meant';
      io.stdout(`breaking    ${path}: ${remedy}\n  ${breaking.join('\n  ')}\n`);
      wrong.push(path);
    } else if (before === after) io.stdout(`as it was   ${path}\n`);
    else if (values.check) {
      io.stdout(`stale       ${path}\n`);
      wrong.push(path);
    } else {
      io.stdout(`changed     ${path}\n`);
      writeFileSync(new URL(`../../${path}`, import.meta.url), after);
    }
  }
  if (!values.check) {
    const hashes = madeDocuments.map((document) => [
      document.path,
      hashOf(document, readText(document.path)),
    ]);
    writeFileSync(hashFile, `${JSON.stringify(Object.fromEntries(hashes), undefined, 2)}\n`);
  }
  if (wrong.length > 0) throw new Error(`not as code makes it: ${wrong.join(', ')}`);
}

function breakingChangesOf(before: string, after: string): readonly string[] {
  return before === '' ? [] : breakingChanges(JSON.parse(before), JSON.parse(after));
}

await runAlone(
  ownCommand({
    name: 'docs',
    description: 'make every document anew that is made from code, and say what changed',
    flags,
    examples: ['make docs', 'make docs DOCS_ARGS=--check', 'make docs DOCS_ARGS=--breaking'],
    act: run,
  }),
);
