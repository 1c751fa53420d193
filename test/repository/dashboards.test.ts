import { describe, expect, it } from 'vitest';
import { dashboardFolder, dashboardJson, dashboards } from '../../dashboards/index.ts';
import { parseExpression } from '../../src/api/prometheus/promql/parse.ts';
import { servedMetrics } from '../../src/api/prometheus/series/metrics.ts';
import { createTimeSlices } from '../../src/platform/turns/time-slices.ts';
import {
  clusterMetrics,
  type DashboardFile,
  dashboardFiles,
  dashboardPaths,
  forecastsUid,
  queriesOf,
  shownPanels,
  withVariables,
} from './dashboard-files.ts';
import { ourMetrics, typeOfMetric } from './known-metrics.ts';
import { isPromql, selectorsOf } from './promql.ts';
import { rules } from './rule-files.ts';

/** Any value will do to parse a query; the real ones are in test/real/compose-stack.test.ts. */
const anyValue = { rateInterval: '1m', horizon: '3600', lead: '2m' };
const variablesOf = (names: readonly string[]) => ({
  ...Object.fromEntries(names.map((name) => [name, 'x'])),
  ...anyValue,
  __rate_interval: anyValue.rateInterval,
});

/** As the JSON has it: the data source variable. */
const chosen = `\${datasource}`;

/** Dashboards of what a Prometheus has scraped, and the one of the scaler's own API. */
const scrapedFiles = dashboardFiles.filter(({ uid }) => uid !== forecastsUid);
const forecastFiles = dashboardFiles.filter(({ uid }) => uid === forecastsUid);

const sentBy = (files: readonly DashboardFile[]) =>
  files.flatMap((file) => {
    const names = file.templating.list.map(({ name }) => name);
    return queriesOf(file).map((query) => ({
      ...query,
      sent: withVariables(query.expr, variablesOf(names)),
    }));
  });
const queries = sentBy(scrapedFiles);
const selections = queries.flatMap((query) =>
  selectorsOf(query.sent).map((selector) => ({ ...query, ...selector })),
);

describe('the dashboards', () => {
  it('are what their source makes today, and there is no other', () => {
    expect(dashboardPaths).toEqual(Object.keys(dashboards).map((name) => `${dashboardFolder}/${name}.json`));
    for (const [name, dashboard] of Object.entries(dashboards)) {
      const committed = dashboardFiles.find(({ path }) => path === `${dashboardFolder}/${name}.json`)?.text;
      const remedy = `${name}.json is stale; run: npm run dashboards`;
      expect(committed === dashboardJson(dashboard), remedy).toBe(true);
    }
  });

  it('can be told apart, and are changed here, not in Grafana', () => {
    expect([scrapedFiles.length, forecastFiles.length]).toEqual([3, 1]);
    expect(new Set(dashboardFiles.map(({ uid }) => uid)).size).toBe(dashboardFiles.length);
    for (const { title, description, editable, refresh } of dashboardFiles) {
      expect(title).toMatch(/\w/);
      expect(description).toMatch(/\.$/);
      expect(editable).toBe(false);
      expect(refresh).toBe('30s');
    }
  });

  it('ask the data source that the reader chooses, for the jobs and instances that are chosen', () => {
    for (const { text, templating } of scrapedFiles) {
      const [first] = templating.list;
      // The rules of dashboard-linter: template-datasource-rule, template-job-rule, template-instance-rule.
      const datasource = {
        name: 'datasource',
        label: 'Data source',
        type: 'datasource',
        query: 'prometheus',
      };
      expect(first).toMatchObject(datasource);
      for (const name of ['job', 'instance']) {
        expect(templating.list.find((variable) => variable.name === name)).toMatchObject({
          label: name,
          type: 'query',
          multi: true,
          allValue: '.+',
        });
      }
      const uids = [...text.matchAll(/"uid": "([^"]+)"/g)].map(([, uid]) => uid);
      expect(uids.length).toBeGreaterThan(40);
      // The first is the dashboard's own.
      expect([...new Set(uids)].sort()).toEqual([chosen, expect.not.stringContaining('$')]);
      expect(uids.filter((uid) => uid !== chosen)).toHaveLength(1);
    }
  });

  it('have variables that follow the time range and are all used', () => {
    for (const file of dashboardFiles) {
      const { list } = file.templating;
      const asked = list.filter(({ type }) => type === 'query');
      expect(asked.length).toBeGreaterThan(file.uid === forecastsUid ? 1 : 2);
      expect(asked.filter(({ refresh }) => refresh !== 2).map(({ name }) => name)).toEqual([]);
      const links = file.panels.flatMap((panel) => (panel.links ?? []).map(({ url }) => url));
      const places = [
        ...queriesOf(file).map(({ expr }) => expr),
        ...list.map(({ query }) => query),
        ...file.links.map(({ url = '' }) => url),
        ...links,
        ...file.panels.map(({ title }) => title),
      ].join('\n');
      const unused = list.filter(({ name }) => !new RegExp(`\\$\\{?${name}\\b`).test(places));
      expect(unused.map(({ name }) => name)).toEqual(['datasource']);
    }
  });

  it('have variables that ask for labels of metrics that there are', () => {
    const asked = scrapedFiles.flatMap(({ templating }) =>
      templating.list.flatMap(({ type, query }) => (type === 'query' ? [query] : [])),
    );
    expect(asked.length).toBeGreaterThan(8);
    for (const query of asked) {
      const [, selector = ''] = /^label_values\((.*), \w+\)$/s.exec(query) ?? [];
      const names = [...selector.matchAll(/\$(\w+)/g)].map(([, name = '']) => name);
      const sent = withVariables(selector, variablesOf(names));
      expect(isPromql(sent), query).toBe(true);
      expect(
        selectorsOf(sent).map(({ metric }) => typeOfMetric(metric)),
        query,
      ).toEqual(['gauge']);
    }
  });

  it('have panels that say what they show, in a unit, with a name for every line', () => {
    const panels = dashboardFiles.flatMap(shownPanels);
    expect(panels.length).toBeGreaterThan(40);
    const wrong = panels.filter(
      ({ title, description = '', targets = [], fieldConfig }) =>
        !/\w/.test(title) ||
        !/^[\w“].{15,}\.$/.test(description) ||
        targets.length === 0 ||
        targets.some(({ expr, legendFormat }) => expr === '' || !/\w/.test(legendFormat)) ||
        // Grafana's names of units, as far as they are used here.
        !['short', 'reqps', 'ops', 'percentunit', 's', 'bytes'].includes(fieldConfig?.defaults.unit ?? ''),
    );
    expect(wrong.map(({ title }) => title)).toEqual([]);
  });

  it('show what is now of the last minutes: the newest value of a range that ends in the future is none', () => {
    for (const file of dashboardFiles) {
      const newest = shownPanels(file).filter(
        ({ type, targets = [] }) => type === 'stat' || targets.some(({ instant }) => instant === true),
      );
      expect(newest.length).toBeGreaterThan(file.uid === forecastsUid ? 3 : 6);
      expect(newest.filter(({ timeFrom }) => timeFrom === undefined).map(({ title }) => title)).toEqual([]);
    }
  });

  it('lead from the cause of each alert to its runbook and to Forescale’s page', () => {
    const panels = dashboardFiles.flatMap(shownPanels);
    const links = panels.flatMap(({ links: of = [] }) => of.map(({ url }) => url));
    const alerts = rules.flatMap(({ alert }) => (alert === undefined ? [] : [alert]));
    expect(alerts.length).toBeGreaterThan(10);
    const runbookOf = (alert: string) => `\${runbooks}#${alert.toLowerCase()}`;
    expect(alerts.filter((alert) => !links.includes(runbookOf(alert)))).toEqual([]);
    const known = alerts.map(runbookOf);
    expect(links.filter((url) => url.startsWith(`\${runbooks}`) && !known.includes(url))).toEqual([]);
    const withRunbook = panels.filter(({ links: of = [] }) => of.length > 0);
    expect(withRunbook.length).toBeGreaterThan(15);
    expect(withRunbook.filter(({ links: of = [] }) => !of.at(-1)?.url.startsWith(`\${forescale}/`))).toEqual(
      [],
    );
  });

  it('colour every number by how good it is, or not at all', () => {
    const stats = dashboardFiles.flatMap(shownPanels).filter(({ type }) => type === 'stat');
    const coloured = stats.filter(({ options }) => options?.colorMode === 'background');
    expect(coloured.length).toBeGreaterThan(12);
    expect(stats.filter(({ options }) => !['background', 'none'].includes(options?.colorMode ?? ''))).toEqual(
      [],
    );
    for (const { title, fieldConfig } of coloured) {
      const colours = fieldConfig?.defaults.thresholds?.steps.map(({ color }) => color) ?? [];
      expect(colours.includes('green') && colours.some((one) => one !== 'green'), title).toBe(true);
    }
  });

  it('have panels beside and below, not on top of each other', () => {
    for (const { panels } of dashboardFiles) {
      expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
      const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
        Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)},${y + Math.floor(cell / w)}`),
      );
      expect(new Set(cells).size).toBe(cells.length);
      expect(panels.filter(({ gridPos: { x, w } }) => x + w > 24)).toEqual([]);
    }
  });
});

describe('the dashboard of forecasts', () => {
  it('asks the scaler’s own API, and only for what that answers', async () => {
    const [file] = forecastFiles;
    const [source] = file?.templating.list ?? [];
    expect(source).toMatchObject({ name: 'datasource', query: 'prometheus', regex: '/Forescale/i' });
    const uids = [...(file?.text.matchAll(/"uid": "([^"]+)"/g) ?? [])].map(([, uid]) => uid);
    expect([...new Set(uids)].sort()).toEqual([chosen, forecastsUid]);
    const asked = [
      ...sentBy(forecastFiles).map(({ sent }) => sent),
      ...(file?.templating.list ?? []).flatMap(({ type, query }) =>
        type === 'query' ? [/^label_values\((.*), \w+\)$/s.exec(query)?.[1] ?? ''] : [],
      ),
    ];
    expect(asked.length).toBeGreaterThan(10);
    const metrics = new Set<string>();
    for (const text of asked) {
      const expression = await parseExpression({ parameter: 'query', text }, createTimeSlices());
      expect(expression.kind, text).toMatch(/selector|aggregate/);
      for (const { metric } of selectorsOf(text)) metrics.add(metric);
    }
    expect([...metrics].sort()).toEqual(Object.keys(servedMetrics).sort());
  });

  it('ends as far in the future as it begins in the past', () => {
    expect(forecastFiles.map(({ time }) => time)).toEqual([{ from: 'now-6h', to: 'now+6h' }]);
  });
});

describe('the queries of the dashboards', () => {
  it('are PromQL', () => {
    expect(queries.length).toBeGreaterThan(60);
    expect(queries.filter(({ sent }) => !isPromql(sent))).toEqual([]);
    expect(isPromql('sum by (le (rate(a[1m])))')).toBe(false);
  });

  it('select only metrics that there are', () => {
    expect(new Set(selections.map(({ metric }) => metric)).size).toBeGreaterThan(35);
    expect(selections.filter(({ metric }) => typeOfMetric(metric) === undefined)).toEqual([]);
  });

  it('show every metric of the server and the app, but for those of which it is said why not', () => {
    const ofForecasts = sentBy(forecastFiles).flatMap(({ sent }) => selectorsOf(sent));
    const shown = new Set(
      [...selections, ...ofForecasts].flatMap(({ metric }) => [
        metric,
        metric.replace(/_(?:bucket|sum|count)$/, ''),
      ]),
    );
    const hidden = [...ourMetrics.keys()].filter((metric) => !shown.has(metric));
    expect(hidden).toEqual([
      // Only a variable asks for it.
      'forescale_build_info',
      // Absent unless APP_CAPACITY_CONCURRENCY is set, which nothing here does.
      'app_capacity_concurrency',
    ]);
  });

  it('take counters apart by rate or increase, and nothing else', () => {
    const counters = selections.filter(({ metric }) => typeOfMetric(metric) === 'counter');
    expect(counters.length).toBeGreaterThan(20);
    expect(counters.filter(({ within }) => !['rate', 'increase'].includes(within[0] ?? ''))).toEqual([]);
    const others = selections.filter(({ metric }) => typeOfMetric(metric) !== 'counter');
    expect(others.filter(({ within }) => ['rate', 'increase'].includes(within[0] ?? ''))).toEqual([]);
  });

  it('take rates over the interval that Grafana finds for the scrape interval', () => {
    const rates = queries.flatMap(({ expr }) => [...expr.matchAll(/\brate\([^[]+\[([^\]]+)\]/g)]);
    expect(rates.length).toBeGreaterThan(20);
    expect(rates.filter(([, range]) => range !== '$__rate_interval')).toEqual([]);
  });

  it('keep to the jobs and instances that are chosen', () => {
    const free = selections
      .filter(({ metric, labels }) => !(metric in clusterMetrics) && !labels.includes('job'))
      .map(({ dashboard, metric }) => `${dashboard}: ${metric}`);
    // What Prometheus itself makes of all replicas has neither. The app's variable is of the apps' job; there the scaler's series are
    // found by the workload.
    expect([...new Set(free)].sort()).toEqual([
      'Forescale: all workloads: ALERTS',
      'Forescale: all workloads: ALERTS_FOR_STATE',
      'Forescale: all workloads: workload:forescale_replica_seconds:increase1h',
      'Forescale: all workloads: workload:forescale_short_seconds:increase1h',
      'Forescale: one workload: ALERTS',
      'Telemetry app: forescale_replicas_wanted',
      'Telemetry app: forescale_signal',
      'Telemetry app: forescale_threshold',
    ]);
    const scoped = selections.filter(({ labels }) => labels.includes('job'));
    expect(scoped.length).toBeGreaterThan(60);
    expect(scoped.filter(({ labels }) => !labels.includes('instance'))).toEqual([]);
  });
});
