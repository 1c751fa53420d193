import { readdirSync } from 'node:fs';
import { manifestSchemas } from '../../scripts/manifest-schemas.ts';
import { findProgram } from '../../src/demo/programs/find-program.ts';
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
    readonly kind: string;
    readonly name: string;
    readonly status: string;
    readonly msg: string;
  }[];
  readonly summary: Readonly<Record<'valid' | 'invalid' | 'errors' | 'skipped', number>>;
}

/**
 * What kubeconform refuses in a rendered set: wrong types, unknown fields, missing ones, keys given twice, kinds without
 * a schema. Rejects where it looked at no object.
 */
export async function schemaFindings(yaml: string, kubernetesVersion: string): Promise<readonly Finding[]> {
  const { kubernetes, customResources } = await manifestSchemas(process.env);
  const { path } = await findProgram('kubeconform', process.env);
  const kind = '{{ .ResourceKind }}';
  const locations = [
    `${kubernetes}/${kubernetesVersion}/${kind}{{ .KindSuffix }}.json`,
    `${customResources}/{{ .Group }}/${kind}_{{ .ResourceAPIVersion }}.json`,
  ].flatMap((location) => ['-schema-location', location]);
  const options = ['-strict', '-summary', '-output', 'json', '-kubernetes-version', kubernetesVersion];
  const report = JSON.parse(
    await runWithInput(path, [...options, ...locations, '-'], yaml),
  ) as KubeconformReport;
  const { resources, summary } = report;
  if (Object.values(summary).reduce((sum, count) => sum + count) === 0)
    throw new Error('kubeconform saw no object');
  const refused = resources.filter(({ status }) => status !== 'statusValid');
  return refused.map(({ kind, name, msg, status }) => ({
    rule: `schema/${status}`,
    object: `${kind} /${name}`,
    message: `${msg} (Kubernetes ${kubernetesVersion})`,
  }));
}

/** Why there are no schemas here, as `whyMissing` says it of a program. */
export async function whySchemasMissing(): Promise<string | undefined> {
  return manifestSchemas(process.env).then(
    () => undefined,
    (error: Error) => error.message,
  );
}
