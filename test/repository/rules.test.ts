import { describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { readProjectFile } from './compose-file.ts';
import { typeOfMetric } from './known-metrics.ts';
import { readDocument, section } from './markdown.ts';
import { isPromql, selectorsOf } from './promql.ts';
import { ruleFiles, ruleFolder, rules, ruleTestPaths } from './rule-files.ts';

const alerts = rules.filter(({ alert }) => alert !== undefined);
const recorded = rules.flatMap(({ record }) => (record === undefined ? [] : [record]));
const runbooks = readDocument('docs/runbooks.md');
const runbookOf = (alert: string) => section(runbooks, alert);

describe('the rules', () => {
  it('are PromQL over metrics that there are, counters by rate or increase', () => {
    expect(rules.length).toBeGreaterThan(15);
    const known = (metric: string) => recorded.includes(metric) || typeOfMetric(metric) !== undefined;
    const selections = rules.flatMap(({ alert, record, expr }) => {
      expect(isPromql(expr), alert ?? record).toBe(true);
      return selectorsOf(expr).map((selector) => ({ rule: alert ?? record, ...selector }));
    });
    expect(selections.length).toBeGreaterThan(25);
    expect(selections.filter(({ metric }) => !known(metric))).toEqual([]);
    const counters = selections.filter(({ metric }) => typeOfMetric(metric) === 'counter');
    expect(counters.length).toBeGreaterThan(5);
    expect(counters.filter(({ within }) => !['rate', 'increase'].includes(within[0] ?? ''))).toEqual([]);
  });

  it('record under names of the form level:metric:operations', () => {
    expect(recorded.length).toBeGreaterThan(3);
    expect(recorded.filter((name) => !/^[a-z_]+:[a-z_]+:[a-z0-9_]+$/.test(name))).toEqual([]);
    expect(new Set(recorded).size).toBe(recorded.length);
  });

  it('are shipped, each file, by the ConfigMap that Prometheus mounts, and each has a test of its name', () => {
    const { configMapGenerator } = parseYaml(readProjectFile('k8s/monitoring/kustomization.yaml')) as {
      configMapGenerator: { name: string; files: string[] }[];
    };
    const shipped = configMapGenerator.find(({ name }) => name === 'forescale-rules')?.files;
    const paths = ruleFiles.map(({ path }) => path);
    expect(paths.length).toBeGreaterThan(2);
    expect(shipped?.map((file) => `k8s/monitoring/${file}`)).toEqual(paths);
    expect(ruleTestPaths).toEqual(paths.map((path) => path.replace(ruleFolder, `${ruleFolder}/tests`)));
  });
});

describe('the alerts', () => {
  it('say how grave they are, what is the case, and where it is written what to do', () => {
    expect(alerts.length).toBeGreaterThan(10);
    for (const { alert = '', labels, annotations } of alerts) {
      expect(labels, alert).toEqual({ severity: expect.stringMatching(/^(?:critical|warning)$/) });
      expect(Object.keys(annotations ?? {}), alert).toEqual(['summary', 'description', 'runbook_url']);
      expect(annotations?.['summary'], alert).toMatch(/\.$/);
      expect(annotations?.['description'], alert).toMatch(/\.$/);
      expect(annotations?.['runbook_url'], alert).toBe(`docs/runbooks.md#${alert.toLowerCase()}`);
    }
  });

  it('have a runbook each, in their order, and there is no other', () => {
    const headings = [...runbooks.text.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
    expect(headings).toEqual(alerts.map(({ alert }) => alert));
  });

  it('are listed at the top of the runbooks, in their order, with their severity and what to ask first', () => {
    const row = /^\| (\[\w+\]\(#\w+\)) \| (\w+) \| [^|]+ \| ([^|]+) \|$/gm;
    const rows = [...runbooks.text.matchAll(row)].map(([, ...cells]) => cells);
    expect(rows.map(([alert, severity]) => [alert, severity])).toEqual(
      alerts.map(({ alert = '', labels }) => [`[${alert}](#${alert.toLowerCase()})`, labels?.['severity']]),
    );
    expect(rows.filter(([, , first = '']) => !/^`(?:forescale|kubectl) [^`]+`$/.test(first))).toEqual([]);
  });

  it('have runbooks with meaning, impact, first look with commands, and remedy', () => {
    for (const { alert = '' } of alerts) {
      const parts = [...runbookOf(alert).matchAll(/^- \*\*(.*)\.\*\*/gm)].map(([, part]) => part);
      expect(parts, alert).toEqual(['Meaning', 'Impact', 'First look', 'Remedy']);
      const [, look = ''] = /\*\*First look\.\*\*([\s\S]*?)- \*\*Remedy/.exec(runbookOf(alert)) ?? [];
      expect(look, alert).toMatch(/kubectl|forescale [a-z]/);
    }
  });

  it('have runbooks that name the metric they go by', () => {
    for (const { alert = '', expr } of alerts) {
      const named = selectorsOf(expr).some(({ metric }) => runbookOf(alert).includes(`${metric}`));
      expect(named || alert === 'ForescaleReplicaDown', alert).toBe(true);
    }
  });
});
