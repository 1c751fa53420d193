import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { parseTriggerMetadata } from '../../src/scaler/trigger-metadata.ts';
import { readProjectFile } from '../repository/compose-file.ts';
import { readDocument, section, tableRows } from '../repository/markdown.ts';
import { projectRoot } from '../repository/project-files.ts';
import { isPromql, selectorsOf } from '../repository/promql.ts';
import { foldersOf, kustomized, parseManifests } from './kustomized.ts';
import { describeObject } from './manifest.ts';
import { missing, note } from './overlays.ts';

/** Folders of services; the others are about something else, such as GitOps. */
const names = foldersOf('k8s/examples').filter((name) =>
  existsSync(resolve(projectRoot, `k8s/examples/${name}/before.yaml`)),
);
const readme = readDocument('k8s/examples/README.md');
const folders = names.map((name) => {
  const path = `k8s/examples/${name}`;
  const { resources } = parseYaml(readProjectFile(`${path}/kustomization.yaml`)) as { resources: string[] };
  const texts = resources.map((file) => readProjectFile(`${path}/${file}`));
  return {
    name,
    path,
    texts,
    before: parseManifests(readProjectFile(`${path}/before.yaml`)),
    after: texts.flatMap(parseManifests),
  };
});
const scaledObjects = folders.flatMap(({ name, after }) =>
  after.map((manifest) => [name, manifest] as const),
);

describe('the examples', () => {
  it('are of the services people ask for, each in both tables of the document', () => {
    expect(names).toEqual([
      ...['crawler', 'flowise', 'graphql', 'kafka-consumer', 'llm-gateway', 'n8n', 'render-workers'],
    ]);
    const listed = tableRows(readme.text).map(([name = '']) => name.replaceAll('`', ''));
    expect(listed.sort()).toEqual([...names, ...names].sort());
    expect(tableRows(section(readme, 'When not to use it')).map(([, why]) => why?.length ?? 0)).toSatisfy(
      (lengths: number[]) => lengths.length === names.length && lengths.every((length) => length > 40),
    );
  });

  it.each(folders)(
    '$name replaces an HPA by CPU of the same Deployment, in the same bounds',
    ({ before, after }) => {
      expect(before.length).toBeGreaterThan(0);
      expect(before.map(({ kind }) => kind)).toEqual(before.map(() => 'HorizontalPodAutoscaler'));
      expect(after.map(({ kind }) => kind)).toEqual(before.map(() => 'ScaledObject'));
      for (const { metadata, spec } of before) {
        expect(spec.metrics[0].resource.name).toBe('cpu');
        const replacing = after.find((one) => one.metadata.name === metadata.name);
        expect(replacing?.metadata.namespace).toBe(metadata.namespace);
        expect(replacing?.spec.scaleTargetRef).toEqual(spec.scaleTargetRef);
        expect(replacing?.spec.maxReplicaCount).toBe(spec.maxReplicas);
        // Scaling from zero is what an HPA alone cannot do.
        expect(
          replacing?.spec.minReplicaCount === 0 || replacing?.spec.minReplicaCount === spec.minReplicas,
        ).toBe(true);
      }
    },
  );

  it('have the bounds that the document says', () => {
    const rows = tableRows(readme.text).filter((cells) => cells.length === 4);
    expect(rows).toHaveLength(names.length);
    for (const [name = '', , , bounds = ''] of rows) {
      const mine = scaledObjects.filter(([folder]) => name === `\`${folder}\``);
      for (const [, { spec }] of mine)
        expect(`${spec.minReplicaCount}–${spec.maxReplicaCount}`, name).toBe(bounds);
    }
  });

  it.each(scaledObjects)('of %s have metadata the scaler takes without a warning', (_, { spec }) => {
    expect(spec.triggers).toHaveLength(1);
    const [trigger] = spec.triggers;
    expect(trigger.type).toBe('external');
    const { warnings, settings } = parseTriggerMetadata(trigger.metadata);
    expect(warnings).toEqual([]);
    expect(isPromql(settings.query), settings.query).toBe(true);
    expect(selectorsOf(settings.query).length).toBeGreaterThan(0);
    expect(settings.leadTimeSeconds).not.toBe('auto');
  });

  it('name where each metric comes from, beside the query', () => {
    for (const { name, texts, after } of folders) {
      expect(texts.join(''), name).toMatch(/^# .*(?:https:\/\/|server\.py)/m);
      const comments =
        texts
          .join('\n')
          .match(/^ *#.*$/gm)
          ?.join(' ') ?? '';
      const metrics = after
        .flatMap(({ spec }) => selectorsOf(spec.triggers[0].metadata.query))
        .map(({ metric }) => metric)
        .filter((metric) => metric !== 'up');
      expect(metrics.length).toBeGreaterThan(0);
      // By its own name, that of its enumeration (Flowise), or that of OpenTelemetry before Prometheus spells it.
      const isNamed = (metric: string) =>
        [
          metric,
          metric.replace(/_total$/, ''),
          metric.replace(/_seconds_count$/, '').replaceAll('_', '.'),
        ].some((spelling) => comments.includes(spelling)) ||
        comments.includes('Interface.Metrics.ts') ||
        comments.includes('prometheus-metrics.service.ts');
      expect(
        metrics.filter((metric) => !isNamed(metric)),
        name,
      ).toEqual([]);
    }
  });

  it('link to documents of ours that exist', () => {
    const links = [...readme.text.matchAll(/\]\(([^)#]+)/g)].map(([, target = '']) => target);
    expect(links.length).toBeGreaterThan(0);
    expect(links.filter((target) => !existsSync(resolve(projectRoot, 'k8s/examples', target)))).toEqual([]);
  });

  it.skipIf(missing)(`are rendered by kustomize, without what they replace${note}`, async () => {
    for (const { path, after } of folders) {
      const rendered = await kustomized(path);
      expect(rendered.map(describeObject).sort()).toEqual(after.map(describeObject).sort());
    }
  });
});
