import { describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { createApiApp } from '../../src/api/app.ts';
import { defaultLimits } from '../../src/api/limits.ts';
import { parseExpression } from '../../src/api/prometheus/promql/parse.ts';
import { servedMetrics } from '../../src/api/prometheus/series/metrics.ts';
import { createTimeSlices } from '../../src/platform/turns/time-slices.ts';
import { apiOptions } from '../edges/api/fixture.ts';
import { readProjectFile } from './compose-file.ts';
import { fences, readDocument, section, tableRows } from './markdown.ts';

const path = 'docs/prometheus-api.md';
const document = readDocument(path);
const own = fences.filter((fence) => fence.path === path);
const cellsOf = (heading: string) =>
  tableRows(section(document, heading)).map(([first = '']) => first.slice(1, -1));
const isAnswered = (text: string) => parseExpression({ parameter: 'query', text }, createTimeSlices());

describe('docs/prometheus-api.md', () => {
  it('lists every series that is served, and no other', () => {
    expect(cellsOf('Series')).toEqual(Object.keys(servedMetrics));
  });

  it('lists every route with its methods and its parameters', async () => {
    const app = await createApiApp(apiOptions());
    const { paths } = (await app.inject('/openapi.json')).json<{
      paths: Record<string, Record<string, { parameters?: { name: string; in: string }[] }>>;
    }>();
    await app.close();
    const served = Object.entries(paths)
      .filter(([route]) => route.startsWith('/prometheus/api/v1'))
      .map(([route, { get }]) => {
        const parameters = (get?.parameters ?? [])
          .filter((one) => one.in === 'query')
          .map(({ name }) => name);
        return [`\`${route.replace('/prometheus/api/v1', '')}\``, parameters];
      });
    const rows = tableRows(section(document, 'PromQL that is answered')).filter(([route = '']) =>
      route.startsWith('`/'),
    );
    const written = rows.map(([route, , parameters = '']) => [
      route,
      [...parameters.matchAll(/`([^`]+)`/g)].map(([, name]) => name),
    ]);
    expect(written.length).toBeGreaterThan(7);
    expect(written.sort()).toEqual(served.sort());
  });

  it('shows PromQL that is answered, in its queries, its commands and its trigger', async () => {
    const queries = own.filter(({ language }) => language === 'promql').map(({ text }) => text);
    const commands = own
      .filter(({ language }) => language === 'sh')
      .flatMap(({ text }) => text.match(/'(forescale_[^']+)'/g) ?? []);
    const yaml = own.filter(({ language }) => language === 'yaml').map(({ text }) => parseYaml(text));
    const triggers = yaml.flatMap(
      ({ triggers = [] }) => triggers as { type: string; metadata: Record<string, string> }[],
    );
    const all = [
      ...queries,
      ...commands.map((text) => text.slice(1, -1)),
      ...triggers.map(({ metadata }) => metadata['query'] ?? ''),
    ];
    expect(all.length).toBeGreaterThan(7);
    for (const text of all) expect((await isAnswered(text)).kind, text).toMatch(/selector|aggregate/);
    expect(triggers.map(({ metadata }) => metadata['ignoreNullValues'])).toEqual(['false']);
  });

  it('shows the data source that the compose stack and the overlays have', () => {
    interface Sources {
      readonly datasources?: readonly {
        readonly name: string;
        readonly url: string;
        readonly jsonData: object;
      }[];
    }
    const shown = own.flatMap(({ language, text }) =>
      language === 'yaml' ? [parseYaml(text) as Sources] : [],
    );
    const files = ['compose/grafana/datasources.yaml', 'k8s/components/grafana/datasources.yaml'];
    const sources = [...shown, ...files.map((file) => parseYaml(readProjectFile(file)) as Sources)].flatMap(
      ({ datasources = [] }) => datasources.filter(({ name }) => name === 'Forescale'),
    );
    expect(sources).toHaveLength(3);
    expect(sources.filter(({ url }) => !/^http:\/\/forescale[\w.]*:8080\/prometheus$/.test(url))).toEqual([]);
    expect(new Set(sources.map(({ jsonData }) => JSON.stringify(jsonData))).size).toBe(1);
  });

  it('names the limits that the server has', () => {
    const { queryPoints, querySamples, forecastPoints, queriesAtOnce, queriesWaiting, queryTimeoutMs } =
      defaultLimits;
    const number = (value: number) => value.toLocaleString('en-US');
    expect(document.text).toContain(`more than ${number(queryPoints)} points`);
    expect(document.text).toContain(`more than ${number(querySamples)} samples`);
    expect(document.text).toContain(`up to ${number(forecastPoints)} steps`);
    expect(document.text).toContain(`or ${queryTimeoutMs / 1000} s`);
    expect([queriesAtOnce, queriesWaiting]).toEqual([4, 100]);
    expect(document.text).toContain('four queries are answered, and a hundred wait');
  });
});
