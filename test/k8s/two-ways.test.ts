import { describe, expect, it } from 'vitest';
import { whyMissing } from '../real/real-programs.ts';
import { chartObjects, objectOf } from './chart.ts';
import { parseManifests } from './manifest.ts';
import { render } from './rendered.ts';
import { workloadsOf } from './workload.ts';

const missing = (await whyMissing('helm')) ?? (await whyMissing('kustomize'));

/**
 * Fields of the scaler's pod that must be equal in the chart and in kustomize. The others differ on purpose: labels, names,
 * options.
 */
const ofPod = ['terminationGracePeriodSeconds', 'automountServiceAccountToken', 'enableServiceLinks'];
const ofContainer = [
  'image',
  'imagePullPolicy',
  'args',
  'startupProbe',
  'readinessProbe',
  'livenessProbe',
  'lifecycle',
  'resources',
  'securityContext',
];

function said(manifests: ReturnType<typeof parseManifests>): Record<string, unknown> {
  const deployment = objectOf(manifests, 'Deployment');
  const [workload] = workloadsOf([deployment]);
  const pod = workload?.pod as unknown as Record<string, unknown>;
  const container = workload?.pod.containers[0] as unknown as Record<string, unknown>;
  return Object.fromEntries([
    ...['replicas', 'strategy'].map((name) => [name, deployment.spec?.[name]]),
    ...ofPod.map((name) => [name, pod[name]]),
    ...ofContainer.map((name) => [name, container[name]]),
  ]);
}

describe.skipIf(missing)('the scaler by kustomize and by Helm (needs both)', () => {
  it('is the same, in its probes, its end, its size and its rights', async () => {
    const byHelm = said(await chartObjects('default'));
    const byKustomize = said(parseManifests(await render({ source: 'k8s/base', program: 'kustomize' })));
    expect(Object.values(byHelm).filter((value) => value === undefined)).toEqual([]);
    expect(byKustomize).toEqual(byHelm);
  });
});
