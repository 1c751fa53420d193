import { describe, expect, it } from 'vitest';
import { whyMissing } from '../real/real-programs.ts';
import { exceptions, excuses, unexcused } from './exceptions.ts';
import { kubeLinterFindings, kubeScoreFindings } from './linters.ts';
import { type Finding, parseManifests } from './manifest.ts';
import { policies } from './policies/index.ts';
import { findingsOf } from './policies/policy.ts';
import { chartFolder, render, renderedSets } from './rendered.ts';
import { kubernetesVersions, schemaFindings, whySchemasMissing } from './schema-check.ts';

const noRenderer = {
  helm: await whyMissing('helm'),
  kustomize: await whyMissing('kustomize'),
};
const noSchemas = (await whySchemasMissing()) ?? (await whyMissing('kubeconform'));
const noLinters = (await whyMissing('kube-linter')) ?? (await whyMissing('kube-score'));
const versions = noSchemas === undefined ? await kubernetesVersions() : ['each version'];

/** `kubectl apply` writes each object into an annotation of itself; all annotations of an object have this much room together. */
const mostAnnotationBytes = 256 * 1024;

const found: Finding[] = [];
function keep(findings: readonly Finding[]): readonly Finding[] {
  found.push(...findings);
  return unexcused(findings);
}

describe('what is rendered', () => {
  it('are the value sets of the chart, and every overlay and example there is', () => {
    const sources = renderedSets.map(({ source }) => source);
    for (const folder of [`${chartFolder}/ci/`, 'k8s/overlays/', 'k8s/examples/'])
      expect(sources.filter((source) => source.startsWith(folder)).length, folder).toBeGreaterThan(4);
    expect(noSchemas ?? versions.length).toSatisfy((seen) => typeof seen === 'string' || seen > 5);
  });
});

describe('Kubernetes', () => {
  const missing = noRenderer.helm ?? noRenderer.kustomize ?? noSchemas;
  it.skipIf(missing).each(versions)(
    '%s and the makers of custom resources refuse no field of anything rendered (needs kubeconform and schemas)',
    async (version) => {
      const sets = await Promise.all(
        renderedSets.map(async (set) => [set.source, await render(set)] as const),
      );
      expect(keep(await schemaFindings(Object.fromEntries(sets), version))).toEqual([]);
    },
  );
});

describe.each(renderedSets)('$source', (set) => {
  const missing = noRenderer[set.program];

  it.skipIf(missing)(`is rendered (needs ${set.program})`, async () => {
    expect(parseManifests(await render(set)).length).toBeGreaterThan(0);
  });

  it.skipIf(missing)(
    `has nothing that is too large for the annotation of kubectl apply (needs ${set.program})`,
    async () => {
      const sizes = parseManifests(await render(set)).map((one) => JSON.stringify(one).length);
      expect(Math.max(...sizes)).toBeLessThan(mostAnnotationBytes);
    },
  );

  it.skipIf(missing ?? noLinters)(
    'has nothing that kube-linter or kube-score finds (needs both)',
    async () => {
      const yaml = await render(set);
      expect(keep(await kubeLinterFindings(yaml))).toEqual([]);
      expect(keep(await kubeScoreFindings(yaml))).toEqual([]);
    },
  );

  it.skipIf(missing)(`holds to our own policies (needs ${set.program})`, async () => {
    expect(keep(findingsOf(policies, parseManifests(await render(set))))).toEqual([]);
  });
});

describe('the exceptions', () => {
  const missing = noRenderer.helm ?? noRenderer.kustomize ?? noSchemas ?? noLinters;
  it.skipIf(missing)('are all needed (needs every program of this file)', () => {
    expect(found.length).toBeGreaterThan(0);
    const idle = exceptions.filter((exception) => !found.some((finding) => excuses(exception, finding)));
    expect(idle).toEqual([]);
  });
});
