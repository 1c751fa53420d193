import { describe, expect, it } from 'vitest';
import { whyMissing } from '../real/real-programs.ts';
import type { Rule } from '../repository/rule-files.ts';
import { chartObjects, objectOf } from './chart.ts';
import { ofKind } from './manifest.ts';

const missing = await whyMissing('helm');

const alertsOf = async (set: string) => {
  const { spec } = objectOf(await chartObjects(set), 'PrometheusRule');
  const groups = spec?.['groups'] as readonly { readonly rules: readonly Rule[] }[];
  const alerts = groups.flatMap(({ rules }) => rules.filter(({ alert }) => alert !== undefined));
  expect(alerts.length).toBeGreaterThan(10);
  return new Map(alerts.map((rule) => [rule.alert ?? '', rule]));
};

describe.skipIf(missing)('what the chart tells of alerts and dashboards (needs helm)', () => {
  it('leads from each alert to its runbook by an address that a browser opens, where one is given', async () => {
    for (const [alert, { annotations }] of await alertsOf('mutual-tls'))
      expect(annotations?.['runbook_url']).toBe(
        `https://git.example.com/forescale/docs/runbooks.md#${alert.toLowerCase()}`,
      );
    for (const { annotations } of (await alertsOf('kube-prometheus-stack')).values()) {
      expect(annotations?.['runbook_url']).toMatch(/^docs\/runbooks\.md#/);
      expect(annotations).not.toHaveProperty('dashboard_url');
    }
  });

  it('leads from each alert of a workload to the dashboard of it, and from others to that of all', async () => {
    const alerts = await alertsOf('mutual-tls');
    const grafana = 'https://grafana.example.com/d/forescale';
    const ofWorkload = `${grafana}?var-namespace={{ $labels.namespace }}&var-workload={{ $labels.name }}`;
    const urlOf = (alert: string) => alerts.get(alert)?.annotations?.['dashboard_url'];
    for (const alert of ['ForescaleBlind', 'ForescaleTrustLost', 'ForescalePredictedPeakAboveMaximum'])
      expect(urlOf(alert), alert).toBe(ofWorkload);
    for (const alert of ['ForescaleReplicaDown', 'ForescaleRpcErrors', 'KedaScaledObjectErrors'])
      expect(urlOf(alert), alert).toBe(`${grafana}-fleet`);
  });

  it('retunes single alerts and leaves the others as they are', async () => {
    const [usual, retuned] = [await alertsOf('kube-prometheus-stack'), await alertsOf('mutual-tls')];
    expect(retuned.get('ForescaleTrustLost')).toMatchObject({
      for: '2h',
      expr: usual.get('ForescaleTrustLost')?.expr,
      labels: { severity: 'info', team: 'platform' },
    });
    expect(retuned.get('ForescaleBlind')).toMatchObject({
      for: usual.get('ForescaleBlind')?.for,
      labels: { severity: 'warning', team: 'platform' },
    });
  });

  it('gives the dashboards the addresses that their panels link to', async () => {
    const maps = ofKind(await chartObjects('mutual-tls'), 'ConfigMap').filter(({ metadata }) =>
      metadata.name.includes('dashboard-'),
    );
    expect(maps.length).toBeGreaterThan(3);
    for (const { data = {} } of maps) {
      const [text = ''] = Object.values(data);
      const { templating } = JSON.parse(text) as {
        templating: { list: { name: string; query: string; current: { value: string } }[] };
      };
      const addressOf = (name: string) => {
        const variable = templating.list.find((one) => one.name === name);
        expect(variable?.current.value).toBe(variable?.query);
        return variable?.query;
      };
      expect(addressOf('forescale')).toBe('https://forescale.example.com');
      expect(addressOf('runbooks')).toBe('https://git.example.com/forescale/docs/runbooks.md');
    }
  });
});
