import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse as parseYaml, stringify } from 'yaml';
import { dashboardFolder, dashboards } from '../../dashboards/index.ts';
import { adviceCodes } from '../../src/api/answers/outcome-advice.ts';
import { parseTriggerMetadata } from '../../src/scaler/trigger-metadata.ts';
import { parseServerFile } from '../../src/server/config.ts';
import { fences, readDocument, section, tableRows } from './markdown.ts';
import { projectRoot } from './project-files.ts';
import { isPromql } from './promql.ts';

const yamlOf = (path: string) =>
  fences.filter((fence) => fence.path === path && fence.language === 'yaml').map(({ text }) => text);

interface Trigger {
  readonly type: string;
  readonly metadata: Readonly<Record<string, string>>;
}
const triggersOf = (text: string) => (parseYaml(text) as { triggers?: Trigger[] }).triggers ?? [];

describe('docs/worth-turning-on.md', () => {
  const path = 'docs/worth-turning-on.md';

  it('says of every advice that the server gives what to do, and of no other', () => {
    const rows = tableRows(section(readDocument(path), 'Ask after a week'));
    expect(rows.map(([code = '']) => code.slice(1, -1))).toEqual([...adviceCodes]);
  });

  it('names rows and dashboards that there are', () => {
    const { text } = readDocument(path);
    const all = Object.values(dashboards).flatMap(({ title = '', panels = [] }) => [
      title,
      ...panels.flatMap((panel) => ('type' in panel && panel.type === 'row' ? [panel.title ?? ''] : [])),
    ]);
    const named = [...section({ path, text }, 'Ask after a week').matchAll(/\*([^*]{12,})\*/g)].map(
      ([, name = '']) => name,
    );
    expect(named.length).toBeGreaterThan(2);
    expect(named.filter((name) => !all.includes(name))).toEqual([]);
  });

  it('watches by a trigger and by a declared workload that are taken without a warning', () => {
    const [trigger = '', declared = ''] = yamlOf(path);
    expect(parseTriggerMetadata(triggersOf(trigger)[0]?.metadata ?? {})).toMatchObject({
      warnings: [],
      settings: { mode: 'reactive' },
    });
    expect(parseServerFile(declared, path).workloads).toHaveLength(1);
  });
});

describe('docs/from-keda-prometheus.md', () => {
  const path = 'docs/from-keda-prometheus.md';
  const [before, after] = yamlOf(path).map((text) => triggersOf(text)[0]);

  it('changes the type, where the scaler is, and the mode, and nothing else', () => {
    const { serverAddress, ...kept } = before?.metadata ?? {};
    expect([before?.type, serverAddress]).toEqual(['prometheus', expect.stringMatching(/^http:/)]);
    const scalerAddress = after?.metadata['scalerAddress'];
    expect(scalerAddress).toMatch(/:6000$/);
    expect(after).toEqual({ type: 'external', metadata: { scalerAddress, ...kept, mode: 'reactive' } });
  });

  it('ends with a trigger that is taken without a warning, also with the address that it had', () => {
    const serverAddress = before?.metadata['serverAddress'] ?? '';
    for (const metadata of [after?.metadata ?? {}, { ...after?.metadata, serverAddress }])
      expect(parseTriggerMetadata(metadata).warnings).toEqual([]);
  });
});

describe('docs/from-cpu-hpa.md', () => {
  const path = 'docs/from-cpu-hpa.md';

  it('scales the same Deployment within the same bounds', () => {
    const [hpa, scaledObject] = yamlOf(path).map((text) => parseYaml(text));
    expect([hpa.kind, scaledObject.kind]).toEqual(['HorizontalPodAutoscaler', 'ScaledObject']);
    expect(scaledObject.metadata).toEqual(hpa.metadata);
    expect(scaledObject.spec).toMatchObject({
      scaleTargetRef: { name: hpa.spec.scaleTargetRef.name },
      minReplicaCount: hpa.spec.minReplicas,
      maxReplicaCount: hpa.spec.maxReplicas,
    });
  });

  it('shows PromQL that Prometheus understands', () => {
    const queries = fences.filter((fence) => fence.path === path && fence.language === 'promql');
    expect(queries.map(({ text }) => isPromql(text))).toEqual([true]);
  });
});

describe('docs/history-in-thanos-mimir.md', () => {
  const path = 'docs/history-in-thanos-mimir.md';

  it('shows configuration that the server takes', () => {
    const [values] = yamlOf(path).map((text) => parseYaml(text));
    const file = parseServerFile(stringify(values.config), path);
    expect(file.profiles?.map(({ name }) => name)).toEqual(['default', 'mimir-shop', 'vm']);
    expect(file.kubeStateMetrics).toMatchObject({ matchers: 'cluster="eu"' });
    // The credentials of the default source are those of the profile with its address.
    expect(values.config.profiles[0].url).toBe(values.prometheus.url);
  });

  it('shows a rule that records what its query gives', () => {
    const [rules] = yamlOf(path).filter((text) => text.startsWith('groups:'));
    const { groups } = parseYaml(rules ?? '') as { groups: { rules: { expr: string }[] }[] };
    expect(groups.flatMap((group) => group.rules).map(({ expr }) => isPromql(expr))).toEqual([true]);
  });
});

describe('docs/grafana.md', () => {
  it('lists every dashboard with its title and its file', () => {
    const rows = section(readDocument('docs/grafana.md'), '3. The dashboards')
      .split('\n')
      .filter((line) => line.startsWith('| *'))
      .map((line) => line.split('|').map((cell) => cell.trim()));
    const shown = rows.map(([, title = '', , file = '']) => [title.slice(1, -1), file.slice(1, -1)]);
    const there = Object.entries(dashboards).map(([name, { title }]) => [
      title,
      `${dashboardFolder}/${name}.json`,
    ]);
    expect(shown.sort()).toEqual(there.sort());
  });

  it('lets in those whom the chart lets in, and Grafana', () => {
    const values = (text: string) =>
      (parseYaml(text) as { networkPolicy?: { httpFrom?: object[] } }).networkPolicy?.httpFrom ?? [];
    const [shown = []] = yamlOf('docs/grafana.md')
      .map(values)
      .filter((peers) => peers.length > 0);
    const byDefault = values(readFileSync(resolve(projectRoot, 'k8s/charts/forescale/values.yaml'), 'utf8'));
    expect(shown.slice(0, -1)).toEqual(byDefault);
    expect(JSON.stringify(shown.at(-1))).toContain('grafana');
  });
});
