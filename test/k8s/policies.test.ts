import { describe, expect, it } from 'vitest';
import { unexcused } from './exceptions.ts';
import { parseManifests } from './manifest.ts';
import { brokenSet, container, type Mutation } from './mutation.ts';
import { policies } from './policies/index.ts';
import { findingsOf } from './policies/policy.ts';

const pod = ['spec', 'template', 'spec'] as const;
const part = ['metadata', 'labels', 'app.kubernetes.io/part-of'] as const;
const deployment = (path: Mutation['path'], value?: unknown): Mutation => ({
  kind: 'Deployment',
  path,
  value,
});

/** For every policy, changes to the good set that it must find. */
const broken: Readonly<Record<keyof typeof policies, readonly Mutation[]>> = {
  'pod-security': [
    deployment([...pod, 'hostNetwork'], true),
    deployment([...pod, 'volumes'], [{ name: 'host', hostPath: { path: '/' } }]),
    deployment([...pod, 'securityContext', 'runAsNonRoot'], false),
    deployment([...pod, 'securityContext', 'runAsUser'], 0),
    deployment([...pod, 'securityContext', 'seccompProfile']),
    deployment([...container, 'securityContext', 'privileged'], true),
    deployment([...container, 'securityContext', 'allowPrivilegeEscalation']),
    deployment([...container, 'securityContext', 'capabilities']),
    deployment([...container, 'securityContext', 'capabilities', 'add'], ['NET_ADMIN']),
  ],
  'least-privilege': [
    deployment([...pod, 'automountServiceAccountToken']),
    deployment([...pod, 'enableServiceLinks']),
    deployment([...container, 'securityContext', 'readOnlyRootFilesystem']),
    { kind: 'ServiceAccount', path: ['automountServiceAccountToken'], value: true },
  ],
  probes: [
    deployment([...container, 'startupProbe']),
    deployment([...container, 'readinessProbe', 'httpGet', 'path'], '/alive'),
    deployment([...container, 'livenessProbe', 'httpGet', 'port'], 8081),
  ],
  resources: [
    deployment([...container, 'resources', 'requests', 'cpu']),
    deployment([...container, 'resources', 'limits', 'memory']),
  ],
  'pinned-images': [
    deployment([...container, 'image'], 'example.com/shop'),
    deployment([...container, 'image'], 'example.com/shop:latest'),
  ],
  'disruption-budgets': [
    { kind: 'PodDisruptionBudget', path: ['spec', 'maxUnavailable'], value: 0 },
    { kind: 'PodDisruptionBudget', path: ['spec', 'unhealthyPodEvictionPolicy'], value: undefined },
    { kind: 'PodDisruptionBudget', path: ['metadata', 'namespace'], value: 'other' },
  ],
  'replicas-left-to-the-scaler': [deployment(['spec', 'replicas'], 3)],
  'scale-targets': [{ kind: 'ScaledObject', path: ['spec', 'scaleTargetRef', 'name'], value: 'shob' }],
  'network-policies': [
    { kind: 'NetworkPolicy', path: ['spec', 'podSelector', 'matchLabels'], value: { app: 'other' } },
    { kind: 'NetworkPolicy', path: ['spec', 'policyTypes'], value: ['Ingress'] },
  ],
  services: [
    { kind: 'Service', path: ['spec', 'selector'], value: { app: 'other' } },
    { kind: 'Service', path: ['spec', 'ports', 0, 'targetPort'], value: 'https' },
  ],
  references: [
    deployment([...pod, 'serviceAccountName'], 'other'),
    deployment([...container, 'env', 0, 'valueFrom', 'configMapKeyRef', 'key'], 'FAREWELL'),
    deployment([...container, 'envFrom'], [{ secretRef: { name: 'shop' } }]),
    deployment([...pod, 'volumes'], [{ name: 'kept', persistentVolumeClaim: { claimName: 'shop' } }]),
    deployment(
      [...pod, 'volumes'],
      [{ name: 'both', projected: { sources: [{ secret: { name: 'shop' } }] } }],
    ),
  ],
  'no-secret-values': [
    deployment([...container, 'env', 0], { name: 'API_TOKEN', value: 'made-up' }),
    { kind: 'ConfigMap', path: ['kind'], value: 'Secret' },
  ],
  'secret-files': [
    deployment([...pod, 'volumes'], [{ name: 'key', secret: { secretName: 'shop' } }]),
    deployment([...pod, 'volumes'], [{ name: 'key', secret: { secretName: 'shop', defaultMode: 0o444 } }]),
    deployment(
      [...pod, 'volumes'],
      [{ name: 'key', projected: { sources: [{ secret: { name: 'shop' } }] } }],
    ),
  ],
  labels: [
    { kind: 'Service', path: part, value: 'shop' },
    deployment(['spec', 'template', ...part], undefined),
  ],
};

const judged = (...mutations: Mutation[]) => findingsOf(policies, parseManifests(brokenSet(...mutations)));

describe('our policies for manifests', () => {
  it('find nothing in a set that is as it should be', () => {
    expect(parseManifests(brokenSet()).length).toBeGreaterThan(6);
    expect(judged()).toEqual([]);
  });

  const cases = Object.entries(broken).flatMap(([policy, mutations]) =>
    mutations.map(
      (mutation) => [policy, mutation.kind, mutation.path.slice(-2).join('.'), mutation] as const,
    ),
  );
  it.each(cases)('%s finds a %s with another %s', (policy, _, __, mutation) => {
    expect(judged(mutation).map(({ rule }) => rule)).toContain(`policy/${policy}`);
  });

  it('are excused only by an exception for that rule, that object and that message', () => {
    const findings = judged(deployment([...container, 'image'], 'example.com/shop'));
    expect(findings.length).toBe(1);
    const exception = { rule: 'policy/pinned-images', objects: /^Deployment shop\/shop$/, reason: 'a test' };
    expect(unexcused(findings, [exception])).toEqual([]);
    expect(unexcused(findings, [{ ...exception, rule: 'policy/probes' }])).toEqual(findings);
    expect(unexcused(findings, [{ ...exception, objects: /^Service / }])).toEqual(findings);
    expect(unexcused(findings, [{ ...exception, message: /latest/ }])).toEqual(findings);
  });

  it('refuse a key that is given twice, of which a cluster would take one', () => {
    expect(() => parseManifests('kind: Pod\nkind: Job\n')).toThrow(/unique/);
  });
});
