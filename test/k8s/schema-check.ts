import { readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { KedaRelease } from '../../tools/manifests/keda-releases.ts';
import { manifestSchemas } from '../../tools/manifests/manifest-schemas.ts';
import { findProgram } from '../../tools/programs/find-program.ts';
import { openTemporaryFolder } from '../../tools/temporary-folder.ts';
import type { Finding } from './manifest.ts';
import { runWithInput } from './run-with-input.ts';

/** Kubernetes versions with schemas here, oldest first, such as `1.31.0`. */
export async function kubernetesVersions(): Promise<readonly string[]> {
  const { kubernetes } = await manifestSchemas(process.env);
  const minorOf = (version: string) => Number(version.split('.')[1]);
  return readdirSync(kubernetes).sort((a, b) => minorOf(a) - minorOf(b));
}

interface KubeconformReport {
  readonly resources: readonly {
    readonly filename: string;
    readonly kind: string;
    readonly name: string;
    readonly status: string;
    readonly msg: string;
  }[];
  readonly summary: Readonly<Record<'valid' | 'invalid' | 'errors' | 'skipped', number>>;
}

/**
 * What kubeconform refuses in rendered sets, by their names: wrong types, unknown fields, missing ones, kinds without a
 * schema. All sets go to one process with one worker, because compiling the schema of a kind takes far longer than checking
 * an object, and every worker compiles them for itself. With a release of KEDA the custom resources are those of that release
 * and no others. Rejects where kubeconform saw no object.
 */
export async function schemaFindings(
  sets: Readonly<Record<string, string>>,
  kubernetesVersion: string,
  release?: KedaRelease,
): Promise<readonly Finding[]> {
  const { kubernetes, customResources: ofAll, kedaReleases } = await manifestSchemas(process.env);
  const customResources = release === undefined ? ofAll : join(kedaReleases, release.version);
  const { path } = await findProgram('kubeconform', process.env);
  const kind = '{{ .ResourceKind }}';
  const locations = [
    `${kubernetes}/${kubernetesVersion}/${kind}{{ .KindSuffix }}.json`,
    `${customResources}/{{ .Group }}/${kind}_{{ .ResourceAPIVersion }}.json`,
  ].flatMap((location) => ['-schema-location', location]);
  const options = [
    '-strict',
    '-summary',
    '-output',
    'json',
    '-n',
    '1',
    '-kubernetes-version',
    kubernetesVersion,
  ];
  const { path: folder, remove } = await openTemporaryFolder('forescale-manifests');
  try {
    const names = Object.keys(sets);
    const files = names.map((_, index) => join(folder, `${index}.yaml`));
    await Promise.all(names.map((name, index) => writeFile(files[index] ?? '', sets[name] ?? '')));
    const output = await runWithInput(path, [...options, ...locations, ...files], '');
    const { resources, summary } = JSON.parse(output) as KubeconformReport;
    if (Object.values(summary).reduce((sum, count) => sum + count) === 0)
      throw new Error('kubeconform saw no object');
    return resources
      .filter(({ status }) => status !== 'statusValid')
      .map(({ filename, kind, name, msg, status }) => ({
        rule: `schema/${status}`,
        object: `${kind} ${names[files.indexOf(filename)]}/${name}`,
        message: `${msg} (Kubernetes ${kubernetesVersion})`,
      }));
  } finally {
    await remove();
  }
}

/** Why there are no schemas on this machine, in the form that `whyMissing` has for a program. */
export async function whySchemasMissing(): Promise<string | undefined> {
  return manifestSchemas(process.env).then(
    () => undefined,
    (error: Error) => error.message,
  );
}
