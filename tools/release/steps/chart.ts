import { cpSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument, stringify } from 'yaml';
import { chartFolder } from '../../chart/chart-documents.ts';
import { openTemporaryFolder } from '../../temporary-folder.ts';
import { projectRoot, published, repositoryUrl } from '../places.ts';
import { commitTime, type Release, runProgram } from '../release.ts';
import { listedChanges } from '../version/artifact-hub.ts';
import { changes } from './check.ts';

/** The packed chart. */
export const chartArchive = ({ out, version }: Pick<Release, 'out' | 'version'>): string =>
  join(out, 'chart', `forescale-${version}.tgz`);

/**
 * Packs the chart, which names the image of the same release and tells what changed. Helm gives every file in it the time in
 * SOURCE_DATE_EPOCH; the time of the archive itself becomes part of what is pushed.
 */
export async function chart(release: Release): Promise<string> {
  const work = await openTemporaryFolder('forescale-chart');
  try {
    const folder = join(work.path, 'forescale');
    cpSync(join(projectRoot, chartFolder), folder, { recursive: true });
    writeReleased(folder, release);
    const out = join(release.out, 'chart');
    rmSync(out, { recursive: true, force: true });
    mkdirSync(out, { recursive: true });
    await runProgram(release, 'helm-4.3', ['package', folder, '--destination', out]);
  } finally {
    await work.remove();
  }
  const archive = chartArchive(release);
  utimesSync(archive, commitTime(), commitTime());
  return archive;
}

/** Writes into a copy of the chart what only a release knows. */
function writeReleased(folder: string, { version }: Release): void {
  const edit = (name: string, path: readonly string[], value: string) => {
    const document = parseDocument(readFileSync(join(folder, name), 'utf8'));
    if (!document.hasIn(path.slice(0, -1))) throw new Error(`${name} has no ${path.slice(0, -1).join('.')}`);
    document.setIn(path, value);
    writeFileSync(join(folder, name), document.toString({ lineWidth: 0 }));
  };
  edit('values.yaml', ['image', 'repository'], published.image);
  const list = stringify(listedChanges(changes('any', version)), { lineWidth: 0 });
  edit('Chart.yaml', ['annotations', 'artifacthub.io/changes'], list);
  // Artifact Hub shows the README, and there is no repository around it.
  const readme = join(folder, 'README.md');
  const root = `](${repositoryUrl}/blob/v${version}/`;
  writeFileSync(readme, readFileSync(readme, 'utf8').replaceAll('](../../../', root));
}
