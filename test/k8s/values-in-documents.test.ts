import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openTemporaryFolder } from '../../tools/temporary-folder.ts';
import { whyMissing } from '../real/real-programs.ts';
import { parseManifests } from './manifest.ts';
import { renderChart } from './rendered.ts';
import { kubernetesVersions, schemaFindings, whySchemasMissing } from './schema-check.ts';
import { shownObjects, shownYaml } from './shown-objects.ts';

const noHelm = await whyMissing('helm');
const noSchemas = (await whySchemasMissing()) ?? (await whyMissing('kubeconform'));

/** Keys of values of the chart that documents show. */
const valueKeys = ['networkPolicy', 'serviceMonitor', 'prometheusRule', 'config'];
const values = shownYaml.filter(({ object }) => valueKeys.some((key) => key in object));

describe.skipIf(noHelm)('values of the chart in the documents (needs helm)', () => {
  it('are values that the chart takes', async () => {
    expect([...new Set(values.map(({ path }) => path))].sort()).toEqual([
      'docs/grafana.md',
      'docs/history-in-thanos-mimir.md',
      'docs/openshift.md',
      'docs/scale.md',
      'docs/service-mesh.md',
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

describe.skipIf(noSchemas)('objects in the documents (needs kubeconform and schemas)', () => {
  it('have no field that Kubernetes or KEDA does not know', async () => {
    const of = (path: string) =>
      Object.keys(shownObjects).filter((name) => name.startsWith(`docs/${path} `)).length;
    expect([of('from-cpu-hpa.md'), of('from-keda-prometheus.md'), of('migrate-from-predictkube.md')]).toEqual(
      [3, 2, 2],
    );
    const newest = (await kubernetesVersions()).at(-1) ?? '';
    expect(await schemaFindings(shownObjects, newest)).toEqual([]);
  });
});
