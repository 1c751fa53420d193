import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sourceKinds } from '../../src/history/kinds.ts';
import { projectRoot, trackedFiles } from './project-files.ts';

/** Names that users wrote into manifests and scripts before there was a second kind of source. */
const contractNames =
  /prometheusAddress|prometheusUrl|--prometheus(?:-url)?\b|FORESCALE_PROMETHEUS_URL|http:\/\/prometheus:9090/g;
/** What is about one kind of source. */
const ofOneKind = /prometheus|promql|vector\(0\)|influx|_over_time|rate\(\w+\[/i;

/**
 * Files that are about Prometheus itself: writers of history, the reader of its JSON, a what-if of a query, the API that answers as it does, what it scrapes of this server and of a cluster, and KEDA's trigger
 * of that name.
 */
const exceptions = [
  'src/history/kinds.ts',
  'src/history/sources.ts',
  'src/history/csv/range-json.ts',
  'src/cli/run.ts',
  'src/cli/what-if/plan.ts',
  'src/cli/what-if/scaled-object.ts',
  'src/cli/actions/seed.ts',
  'src/cli/commands/seed.ts',
  'src/platform/duration.ts',
  'src/scaler/metrics/scaler-metrics.ts',
  'src/scaler/metrics/workload-metrics.ts',
  'src/api/app.ts',
  'src/api/limits.ts',
  'src/api/openapi/reference.ts',
  'src/api/http/security-headers.ts',
  'src/api/routes/get-metrics.ts',
  'src/keda-sim/manifests/autoscaler.ts',
];
const elsewhere =
  /^src\/(?:seed|telemetry-app|api\/prometheus|history\/(?:prometheus|influxdb)|scaler\/cluster-facts)\//;
/** An example in `--help` has to be of some kind. */
const exampleLine = /^ {2}forescale .*$/gm;

function mentions(text: string): string[] {
  const rest = text.replaceAll(exampleLine, '').replaceAll(contractNames, '');
  return rest.split('\n').filter((line) => ofOneKind.test(line));
}

describe('kinds of history source', () => {
  it('are known by their own folder and the table alone', () => {
    expect(mentions('const rate = /\\[5m]/; // a range of PromQL')).toHaveLength(1);
    expect(mentions('prometheusAddress: not given')).toHaveLength(0);
    const files = trackedFiles('src').filter((file) => /\.(?:ts|js)$/.test(file) && !elsewhere.test(file));
    expect(files.length).toBeGreaterThan(150);
    const found = files
      .filter((file) => !exceptions.includes(file))
      .flatMap((file) =>
        mentions(readFileSync(join(projectRoot, file), 'utf8')).map((line) => `${file}: ${line}`),
      );
    expect(found).toEqual([]);
    const needless = exceptions.filter(
      (file) => mentions(readFileSync(join(projectRoot, file), 'utf8')).length === 0,
    );
    expect(needless).toEqual([]);
  });

  it.each(Object.keys(sourceKinds))(
    '%s has a folder and is held to the contract by a real server',
    (kind) => {
      expect(existsSync(join(projectRoot, `src/history/${kind}/${kind}.ts`))).toBe(true);
      const test = readFileSync(join(projectRoot, `test/real/${kind}.test.ts`), 'utf8');
      expect(test).toMatch(/\b(?:history|promql)Contract\(/);
    },
  );
});
