import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { render } from '../k8s/rendered.ts';
import { whyMissing } from '../real/real-programs.ts';
import { readDocument, section, tableRows } from '../repository/markdown.ts';
import { stackTargets } from '../repository/stack-command.ts';
import { clusterDouble } from './cluster-double.ts';
import { recorded } from './recorded.ts';
import { startStack } from './stack.ts';

interface Workload {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly replicas?: number;
    readonly template: {
      readonly spec: {
        readonly containers: readonly {
          readonly resources: { readonly requests: Readonly<Record<string, string>> };
        }[];
      };
    };
    readonly volumeClaimTemplates?: readonly {
      readonly spec: { readonly resources: { readonly requests: { readonly storage: string } } };
    }[];
  };
}

const missing = await whyMissing('kustomize');
const skipped = missing === undefined ? '' : ` (skipped: ${missing})`;
const overlays = stackTargets.filter((target) => target !== 'compose');

/** Each is rendered once. */
const renderings = new Map<string, Promise<string>>();
function rendered(overlay: string): Promise<string> {
  const made = renderings.get(overlay) ?? render({ source: `k8s/overlays/${overlay}`, program: 'kustomize' });
  renderings.set(overlay, made);
  return made;
}

const milli = (text: string) => (text.endsWith('m') ? Number.parseInt(text, 10) : Number(text) * 1000);
const mebi = (text: string) => Number.parseInt(text, 10) * (text.endsWith('Gi') ? 1024 : 1);

/** A row of the document's table, from what kustomize made. */
function sizes(overlay: string, manifests: string): string[] {
  // Only those are parsed: the definitions of KEDA's custom resources beside them take seconds.
  const workloads = manifests
    .split(/^---$/m)
    .filter((document) => /^kind: (Deployment|StatefulSet)$/m.test(document))
    .map((document) => parse(document) as Workload);
  const sum = (resource: string, unit: (text: string) => number) =>
    workloads.reduce(
      (total, { spec }) =>
        total +
        spec.template.spec.containers.reduce(
          (of, { resources }) => of + unit(resources.requests[resource] ?? '0'),
          0,
        ) *
          (spec.replicas ?? 1),
      0,
    );
  const claims = workloads.flatMap(({ spec }) => spec.volumeClaimTemplates ?? []);
  return [
    `\`${overlay}\``,
    `${sum('cpu', milli)}m`,
    `${sum('memory', mebi)}Mi`,
    claims.map(({ spec }) => spec.resources.requests.storage).join(' '),
    String(workloads.find(({ metadata }) => metadata.name === 'forescale')?.spec.replicas),
  ];
}

describe.skipIf(missing)(`the real overlays${skipped}`, { timeout: 120_000 }, () => {
  it.each(overlays)('%s is as large as the document says, and as doctor counts it', async (overlay) => {
    const manifests = await rendered(overlay);
    const row = sizes(overlay, manifests);
    const table = tableRows(section(readDocument('docs/kubernetes.md'), 'How large'));
    expect(table.find(([name]) => name === row[0])).toEqual(row);

    const stack = await startStack(['kubectl'], clusterDouble(recorded('cluster.yaml')));
    stack.cluster.rendered.set(`k8s/overlays/${overlay}`, manifests);
    const { stdout } = await stack.run('doctor', '--target', overlay);
    expect(stdout).toContain(`${row[1]} CPU and ${row[2]?.replace('Mi', ' MiB')} asked for, `);
    await stack.close();
  });

  it.each(overlays)('%s is installed and deployed by ./stack, and taken away again', async (overlay) => {
    const stack = await startStack(['kubectl'], clusterDouble(recorded('cluster.yaml')));
    stack.cluster.rendered.set(`k8s/overlays/${overlay}`, await rendered(overlay));
    const target = ['--target', overlay, '--yes'];
    expect(await stack.run('install', ...target)).toMatchObject({ code: 0 });
    expect(await stack.run('deploy', ...target, '--image', 'registry.example/x/forescale:7')).toMatchObject({
      code: 0,
    });
    const ours = stack.cluster.objects.filter(({ metadata }) => metadata.namespace !== undefined);
    expect(ours.length).toBeGreaterThan(40);
    const images = JSON.stringify(stack.cluster.objects).match(/"image":"[^"]*forescale:[^"]*"/g) ?? [];
    expect(images.length).toBeGreaterThan(3);
    expect(new Set(images)).toEqual(new Set(['"image":"registry.example/x/forescale:7"']));
    // What the label does not reach would stay behind for ever.
    const unlabelled = ours.filter(
      ({ metadata }) =>
        metadata.namespace !== 'kube-system' && metadata.labels?.['app.kubernetes.io/part-of'] === undefined,
    );
    expect(unlabelled.map(({ kind, metadata }) => `${kind}/${metadata.name}`)).toEqual([]);
    await stack.close();
  });
});
