import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { servedMetrics } from '../../src/api/prometheus/series/metrics.ts';
import { createScalerMetrics, workloadMetrics } from '../../src/scaler/index.ts';
import type { WorkloadMetric } from '../../src/scaler/metrics/workload-metrics.ts';
import { Registry as AppRegistry, createAppMetrics } from '../../src/telemetry-app/metrics/metrics.ts';
import { documents, readDocument, section, tableRows } from './markdown.ts';
import { projectRoot, trackedFiles } from './project-files.ts';

/** What prom-client keeps of a metric beyond its types. */
interface Declared {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly labelNames: readonly string[];
}

/** Rows as the document has them, of everything registered but prom-client's own metrics of the process. */
function declaredRows(registry: Registry): string[][] {
  const metrics = registry.getMetricsAsArray() as unknown as Declared[];
  return metrics
    .filter(({ name }) => !/^(?:nodejs|process)_/.test(name))
    .map(({ name, type, labelNames, help }) => [
      `\`${name}\``,
      type,
      labelNames.length === 0 ? 'none' : labelNames.map((label) => `\`${label}\``).join(', '),
      help,
    ]);
}

function serverRegistry(): Registry {
  const registry = new AppRegistry();
  const scaler = createScalerMetrics(registry, '1.2.3');
  scaler.registerArchive(() => ({ bytes: 0, oldestSeconds: undefined, warning: undefined }));
  scaler.registerCalendars(() => []);
  return registry;
}

/** Rows of the metrics of workloads, which are written without prom-client. */
function workloadRows(): string[][] {
  return Object.entries<WorkloadMetric>(workloadMetrics).map(
    ([name, { help, labels, type, usual, asked }]) => [
      `\`${name}\``,
      type ?? 'gauge',
      ['namespace', 'name', 'trigger', ...labels].map((label) => `\`${label}\``).join(', '),
      usual === undefined ? 'no' : asked === undefined ? 'yes' : 'in part',
      help,
    ],
  );
}

function appRegistry(): Registry {
  const registry = new AppRegistry();
  createAppMetrics({
    registry,
    app: 'a',
    version: '1.2.3',
    inFlight: () => 0,
    history: () => [],
    capacity: undefined,
    capacityRatio: () => 1,
    activeFaults: () => [],
  });
  return registry;
}

const metrics = readDocument('docs/metrics.md');
/** A service of the reader's, in examples of queries. */
const examples = ['http_requests_total'];

describe('docs/metrics.md', () => {
  it('lists every metric of the server with type, labels and meaning, and no other', () => {
    const declared = declaredRows(serverRegistry());
    expect(declared.length).toBeGreaterThan(7);
    expect(tableRows(section(metrics, 'The server'))).toEqual(declared);
  });

  it('lists every metric of workloads, and whether every scrape has it', () => {
    const declared = workloadRows();
    expect(declared.length).toBeGreaterThan(25);
    expect(tableRows(section(metrics, 'Workloads'))).toEqual(declared);
  });

  it('lists every metric of the telemetry app with type, labels and meaning, and no other', () => {
    const declared = declaredRows(appRegistry());
    expect(declared.length).toBeGreaterThan(5);
    expect(tableRows(section(metrics, 'The telemetry app'))).toEqual(declared);
  });
});

/** k6's own, as far as the load tests judge them. */
const ofK6 = trackedFiles('loadtests').flatMap((path) =>
  [...readFileSync(resolve(projectRoot, path), 'utf8').matchAll(/'(http_[a-z_]+)'/g)].map(
    ([, name = '']) => name,
  ),
);

describe('the documents', () => {
  it('name only metrics that are registered', () => {
    const rows = [...declaredRows(serverRegistry()), ...workloadRows(), ...declaredRows(appRegistry())];
    const known = rows.flatMap(([name = '', type]) => {
      const bare = name.slice(1, -1);
      return type === 'histogram'
        ? [bare, ...['bucket', 'sum', 'count'].map((part) => `${bare}_${part}`)]
        : [bare];
    });
    known.push(...Object.keys(servedMetrics));
    const named = documents.flatMap(({ path, text }) =>
      [...text.matchAll(/(?<![\w/.:-])(?:forescale|app|http)_[a-z_]+(\*?)/g)].map(
        ([name, star]) => [path, name, star === '*'] as const,
      ),
    );
    expect(new Set(named.map(([, name]) => name)).size).toBeGreaterThan(20);
    const unknown = named.filter(([, name, isPrefix]) =>
      isPrefix
        ? !known.some((one) => one.startsWith(name.slice(0, -1)))
        : !known.includes(name) && !examples.includes(name) && !ofK6.includes(name),
    );
    expect(unknown).toEqual([]);
  });
});
