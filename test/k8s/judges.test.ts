import { beforeAll, describe, expect, it } from 'vitest';
import { whyMissing } from '../real/real-programs.ts';
import { kubeLinterFindings, kubeScoreFindings } from './linters.ts';
import type { Finding } from './manifest.ts';
import { brokenSet, container, type Mutation } from './mutation.ts';
import { kubernetesVersions, schemaFindings, whySchemasMissing } from './schema-check.ts';

const noSchemas = (await whySchemasMissing()) ?? (await whyMissing('kubeconform'));
const noLinters = (await whyMissing('kube-linter')) ?? (await whyMissing('kube-score'));

describe('the schemas', () => {
  it.skipIf(noSchemas)(
    'let a good set pass under every version (needs kubeconform and schemas)',
    async () => {
      const versions = await kubernetesVersions();
      expect(versions.length).toBeGreaterThan(5);
      for (const version of versions)
        expect(await schemaFindings({ good: brokenSet() }, version)).toEqual([]);
    },
  );

  const broken: readonly (readonly [string, Mutation, RegExp])[] = [
    ['an unknown field', { kind: 'Deployment', path: ['spec', 'replica'], value: 2 }, /additional.*replica/],
    [
      'an unknown field deep in a pod',
      { kind: 'Deployment', path: [...container, 'readynessProbe'], value: {} },
      /additional.*readynessProbe/,
    ],
    ['a wrong type', { kind: 'Deployment', path: ['spec', 'replicas'], value: 'two' }, /got string, want/],
    ['a missing field', { kind: 'Deployment', path: ['spec', 'selector'], value: undefined }, /selector/],
    [
      'an unknown field of a ScaledObject',
      { kind: 'ScaledObject', path: ['spec', 'minReplicas'], value: 1 },
      /additional.*minReplicas/,
    ],
    [
      'metadata of a trigger that is no text',
      { kind: 'ScaledObject', path: ['spec', 'triggers', 0, 'metadata', 'threshold'], value: 10 },
      /want string/,
    ],
    ['a kind nobody knows', { kind: 'Service', path: ['kind'], value: 'Servce' }, /could not find schema/],
  ];
  const findingsOf = (findings: readonly Finding[], name: string) =>
    findings.filter(({ object }) => object.includes(` ${name}/`));
  let ofBroken: readonly Finding[];
  let ofCustom: readonly Finding[];
  beforeAll(async () => {
    if (noSchemas !== undefined) return;
    const [oldest = '', ...others] = await kubernetesVersions();
    const brokenSets = broken.map(([name, mutation]) => [name, brokenSet(mutation)]);
    ofBroken = await schemaFindings(Object.fromEntries(brokenSets), others.at(-1) ?? oldest);
    const customSets = custom.map(([kind, apiVersion, spec]) => [
      kind,
      `{ kind: ${kind}, apiVersion: ${apiVersion}, metadata: { name: a }, spec: ${spec} }`,
    ]);
    ofCustom = await schemaFindings(Object.fromEntries(customSets), oldest);
  });

  it.skipIf(noSchemas).each(broken)('refuse %s (needs kubeconform)', (name, _, message) => {
    const findings = findingsOf(ofBroken, name);
    expect(findings.length).toBe(1);
    expect(findings[0]?.message).toMatch(message);
  });

  const custom: readonly (readonly [string, string, string])[] = [
    [
      'ServiceMonitor',
      'monitoring.coreos.com/v1',
      '{ selector: {}, endpoints: [{ port: http, pth: /metrics }] }',
    ],
    [
      'PrometheusRule',
      'monitoring.coreos.com/v1',
      '{ groups: [{ name: a, rules: [{ alrt: b, expr: c }] }] }',
    ],
    ['Certificate', 'cert-manager.io/v1', '{ secretName: a, issuerRef: { name: b }, dnsName: c }'],
    ['HTTPRoute', 'gateway.networking.k8s.io/v1', '{ hostname: a }'],
    ['GRPCRoute', 'gateway.networking.k8s.io/v1', '{ hostname: a }'],
    ['TriggerAuthentication', 'keda.sh/v1alpha1', '{ secretTargetRefs: [] }'],
    ['ExternalSecret', 'external-secrets.io/v1', '{ refresh: 1h }'],
    ['SealedSecret', 'bitnami.com/v1alpha1', '{ encryptedData: {}, scpe: strict }'],
    ['Application', 'argoproj.io/v1alpha1', '{ project: a, destination: {}, sorce: {} }'],
    ['HelmRelease', 'helm.toolkit.fluxcd.io/v2', '{ interval: 1m, chartRf: {} }'],
    ['OCIRepository', 'source.toolkit.fluxcd.io/v1', '{ interval: 1m, url: "oci://a/b", rev: a }'],
    [
      'Kustomization',
      'kustomize.toolkit.fluxcd.io/v1',
      '{ interval: 1m, prune: true, sourceRef: { kind: GitRepository, name: a }, pth: b }',
    ],
  ];
  it.skipIf(noSchemas).each(custom)('know %s and refuse a field it has not (needs kubeconform)', (kind) => {
    const messages = findingsOf(ofCustom, kind).map(({ message }) => message);
    expect(messages.join()).toMatch(/additional propert/);
  });
});

describe('the linters', () => {
  // kube-score knows no ScaledObject and would miss the replicas.
  const replicas: Mutation = { kind: 'Deployment', path: ['spec', 'replicas'], value: 2 };

  it.skipIf(noLinters)('let a good set pass (needs kube-linter and kube-score)', async () => {
    expect(await kubeLinterFindings(brokenSet(replicas))).toEqual([]);
    expect(await kubeScoreFindings(brokenSet(replicas))).toEqual([]);
  });

  const notReadOnly: Mutation = {
    kind: 'Deployment',
    path: [...container, 'securityContext', 'readOnlyRootFilesystem'],
    value: false,
  };
  it.skipIf(noLinters)('find what is wrong, with the object (needs kube-linter and kube-score)', async () => {
    const yaml = brokenSet(replicas, notReadOnly);
    const objects = { object: 'Deployment shop/shop' };
    expect(await kubeLinterFindings(yaml)).toMatchObject([
      { rule: 'kube-linter/no-read-only-root-fs', ...objects },
    ]);
    expect(await kubeScoreFindings(yaml)).toMatchObject([
      { rule: 'kube-score/container-security-context-readonlyrootfilesystem', ...objects },
    ]);
  });
});
