import { writeFileSync } from 'node:fs';
import { dashboardFolder, dashboardJson, dashboards } from '../../dashboards/index.ts';
import { chartDocuments, chartFolder } from '../chart/chart-documents.ts';
import { monitoringFiles } from '../chart/monitoring-files.ts';
import { kedaTablePath, withKedaTable } from '../manifests/keda-table.ts';
import { noticesPath, thirdPartyNotices } from '../supply-chain/third-party-notices.ts';
import { breakingChanges } from './breaking-changes.ts';
import { hashFile, hashOf, madeDocuments, readText } from './made-documents.ts';
import { openApiPath, openApiText } from './openapi-document.ts';

// `make docs` makes every document anew that is made from code, and says what changed. With `--check` it writes nothing and exits
// with 1 where a document would change. What programs that use the API could stumble over is named and not written, unless
// `--breaking` says that it is meant.

/** A document, and how it is made of its text of today. */
interface Made {
  readonly path: string;
  make(text: string): Promise<string> | string;
}

const isCheck = process.argv.includes('--check');
const isBreakingMeant = process.argv.includes('--breaking');
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

for (const { path, make } of documents) {
  const before = readText(path);
  const after = await make(before);
  const isSame = before === after;
  const breaking = path === openApiPath && !isBreakingMeant ? breakingChangesOf(before, after) : [];
  if (breaking.length > 0) {
    console.log(
      `breaking    ${path}: write it with DOCS_ARGS=--breaking if this is meant\n  ${breaking.join('\n  ')}`,
    );
    process.exitCode = 1;
  } else if (isSame) console.log(`as it was   ${path}`);
  else if (isCheck) {
    console.log(`stale       ${path}`);
    process.exitCode = 1;
  } else {
    console.log(`changed     ${path}`);
    writeFileSync(new URL(`../../${path}`, import.meta.url), after);
  }
}
if (!isCheck) {
  const hashes = madeDocuments.map((document) => [document.path, hashOf(document, readText(document.path))]);
  writeFileSync(hashFile, `${JSON.stringify(Object.fromEntries(hashes), undefined, 2)}\n`);
}

function breakingChangesOf(before: string, after: string): readonly string[] {
  return before === '' ? [] : breakingChanges(JSON.parse(before), JSON.parse(after));
}
