import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectRoot, trackedFiles } from './project-files.ts';

const read = (path: string) => readFileSync(resolve(projectRoot, path), 'utf8');
const lock = JSON.parse(read('package-lock.json')) as { packages: Record<string, { resolved?: string }> };

describe('the dependencies', () => {
  it('carry no download address, which would tie the lock file to one mirror', () => {
    const packages = Object.entries(lock.packages);
    expect(packages.length).toBeGreaterThan(100);
    expect(packages.filter(([, entry]) => entry.resolved?.startsWith('http')).map(([name]) => name)).toEqual(
      [],
    );
  });

  it('are pinned exactly', () => {
    const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Record<
      string,
      Record<string, string>
    >;
    const versions = Object.entries({ ...dependencies, ...devDependencies });
    expect(versions.length).toBeGreaterThan(20);
    expect(versions.filter(([, version]) => !/^\d/.test(version))).toEqual([]);
  });

  it('hold one metrics client, imported by the metrics modules alone (docs/adr/0002)', () => {
    expect(
      Object.keys(lock.packages).filter((name) => /prom-client$|@prometheus-io\/client$/.test(name)),
    ).toEqual(['node_modules/prom-client']);
    const importers = trackedFiles('src').filter(
      (path) => path.endsWith('.ts') && /from 'prom-client'/.test(read(path)),
    );
    expect(importers).toEqual([
      'src/scaler/metrics/archive-metrics.ts',
      'src/scaler/metrics/calendar-metrics.ts',
      'src/scaler/metrics/scaler-metrics.ts',
      'src/server/start.ts',
      'src/telemetry-app/metrics/metrics.ts',
      'src/telemetry-app/metrics/open-metrics.ts',
      'src/telemetry-app/metrics/request-durations.ts',
    ]);
  });

  it('hold OpenTelemetry, loaded where traces are asked for and nowhere else (docs/adr/0010)', () => {
    const sources = trackedFiles('src').filter((path) => path.endsWith('.ts'));
    const importers = (pattern: RegExp) => sources.filter((path) => pattern.test(read(path)));
    expect(importers(/['"]@opentelemetry\//)).toEqual(['src/telemetry-app/tracing/otel-tracing.ts']);
    expect(importers(/otel-tracing\.ts'/)).toEqual(['src/telemetry-app/main.ts']);
    expect(importers(/await import\('\.\/tracing\/otel-tracing\.ts'\)/)).toEqual([
      'src/telemetry-app/main.ts',
    ]);
    expect(importers(/from '[./a-z]*otel-tracing\.ts'/)).toEqual([]);
  });
});
