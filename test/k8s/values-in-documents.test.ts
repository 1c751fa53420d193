import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse as parseYaml, stringify } from 'yaml';
import { openTemporaryFolder } from '../../tools/temporary-folder.ts';
import { whyMissing } from '../real/real-programs.ts';
import { fences } from '../repository/markdown.ts';
import { parseManifests } from './manifest.ts';
import { renderChart } from './rendered.ts';
import { kubernetesVersions, schemaFindings, whySchemasMissing } from './schema-check.ts';

const noHelm = await whyMissing('helm');
const noSchemas = (await whySchemasMissing()) ?? (await whyMissing('kubeconform'));
const parsed = fences
  .filter(({ language, path }) => language === 'yaml' && path.startsWith('docs/'))
  .map(({ path, text }) => ({ path, text, object: parseYaml(text) as Readonly<Record<string, unknown>> }));

/** Keys of values of the chart that documents show. */
const valueKeys = ['networkPolicy', 'serviceMonitor', 'prometheusRule', 'config'];
const values = parsed.filter(({ object }) => valueKeys.some((key) => key in object));

describe.skipIf(noHelm)('values of the chart in the documents (needs helm)', () => {
  it('are values that the chart takes', async () => {
    expect([...new Set(values.map(({ path }) => path))].sort()).toEqual([
      'docs/grafana.md',
      'docs/history-in-thanos-mimir.md',
      'docs/openshift.md',
    ]);
    const folder = await openTemporaryFolder('forescale-values');
    try {
      for (const { text } of values) {
        const file = join(folder.path, 'values.yaml');
        writeFileSync(file, text);
        expect(parseManifests(await renderChart(['--values', file])).length).toBeGreaterThan(5);
      }
    } finally {
      await folder.remove();
    }
  });
});

/** Objects of Kubernetes as they are shown, and triggers within a ScaledObject. */
const shownObjects = parsed.flatMap(({ path, text, object }, index) => {
  const name = `${path} ${index}`;
  if ('apiVersion' in object && 'kind' in object && !/kustomize\.config/.test(text)) return [[name, text]];
  if (!('triggers' in object)) return [];
  const around = {
    apiVersion: 'keda.sh/v1alpha1',
    kind: 'ScaledObject',
    metadata: { name: 'shop', namespace: 'shop' },
    spec: { scaleTargetRef: { name: 'shop' }, ...object },
  };
  return [[name, stringify(around)]];
});

describe.skipIf(noSchemas)('objects in the documents (needs kubeconform and schemas)', () => {
  it('have no field that Kubernetes or KEDA does not know', async () => {
    const of = (path: string) => shownObjects.filter(([name]) => name?.startsWith(`docs/${path} `)).length;
    expect([of('from-cpu-hpa.md'), of('from-keda-prometheus.md'), of('migrate-from-predictkube.md')]).toEqual(
      [3, 2, 2],
    );
    const newest = (await kubernetesVersions()).at(-1) ?? '';
    expect(await schemaFindings(Object.fromEntries(shownObjects), newest)).toEqual([]);
  });
});
