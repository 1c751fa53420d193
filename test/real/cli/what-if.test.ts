import { execFile } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { remoteWrite } from '../../../src/seed/remote-write.ts';
import type { WhatIfAnswer } from '../../../src/what-if/index.ts';
import { startPrometheus } from '../../../tools/programs/prometheus.ts';
import type { RunningProgram } from '../../../tools/programs/server-process.ts';
import { csvOf, monday, temporaryFolder, workingWeekRows } from '../../edges/cli/made-history.ts';
import { projectRoot } from '../../repository/project-files.ts';
import { skippedNote, whyMissing } from '../real-programs.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

/** What `forescale what-if` says as a process of its own, and how it exits. */
function whatIf(
  args: readonly string[],
  input = '',
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ['src/cli/main.ts', 'what-if', ...args],
      { cwd: projectRoot, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
    child.stdin?.on('error', () => undefined).end(input);
  });
}

async function answerTo(args: readonly string[], input = ''): Promise<WhatIfAnswer> {
  const { code, stdout, stderr } = await whatIf([...args, '--json'], input);
  expect([code, stderr]).toEqual([0, '']);
  return JSON.parse(stdout) as WhatIfAnswer;
}

const rows = workingWeekRows(8, 300);
const play = ['--start-up', '5m', '--policy'];
const target = ['--target', '5'];

const scaledObject = (trigger: string) =>
  folder.file(
    'scaled-object.yaml',
    `kind: ScaledObject\nmetadata: { name: shop }\nspec:\n  minReplicaCount: 2\n  maxReplicaCount: 30\n  triggers: [${trigger}]\n`,
  );
const hpa = (metric: string) =>
  folder.file(
    'hpa.yaml',
    `apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: { name: shop }\nspec:\n  minReplicas: 2\n  maxReplicas: 30\n  metrics: [${metric}]\n`,
  );

describe('forescale what-if of rows on its standard input', () => {
  it('finds what it finds in a file of them', async () => {
    const args = (file: string) => ['--csv', file, ...target, ...play, 'reactive,fixed'];
    const piped = await answerTo(args('-'), csvOf(rows));
    expect(piped).toEqual(await answerTo(args(folder.file('week.csv', csvOf(rows)))));
    expect(piped.policies.map(({ name }) => name)).toEqual(['reactive', 'fixed']);
  });

  it.each([
    ['not CSV', 'hello\n', 'line 1 "hello": the header must be "timestamp,value"'],
    ['a row that is no number', 'timestamp,value\n60,many\n', 'line 2 "60,many"'],
    ['rows that go back', 'timestamp,value\n120,1\n60,1\n', 'line 3 "60,1"'],
    ['nothing', '', 'line 1'],
    ['no value', 'timestamp,value\n60,\n120,NaN\n', 'the history has no row with a value'],
  ])('refuses %s with the line and exit code 2', async (_, input, words) => {
    const { code, stdout, stderr } = await whatIf(['--csv', '-', ...target], input);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(words);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it('refuses a manifest of another kind, or whose triggers are not played, with exit code 2', async () => {
    const deployment = folder.file('deployment.yaml', 'kind: Deployment\nmetadata: { name: shop }\n');
    const kafka = scaledObject('{ type: kafka, metadata: { lagThreshold: "5" } }');
    for (const [file, words] of [
      [deployment, 'no document with kind: ScaledObject or HorizontalPodAutoscaler, only Deployment'],
      [kafka, 'spec.triggers is ["kafka"]: one of them must be of a type that is played'],
    ] as const) {
      const { code, stderr } = await whatIf(['--csv', '-', '--manifest', file, ...target], csvOf(rows));
      expect(code).toBe(2);
      expect(stderr).toContain(words);
    }
  });
});

const missing = await whyMissing('prometheus');

describe.skipIf(missing)(`forescale what-if of a real Prometheus${skippedNote(missing)}`, () => {
  let prometheus: RunningProgram;
  beforeAll(async () => {
    prometheus = await startPrometheus({ env: process.env });
    const shift = Math.floor(Date.now() / 300_000) * 300 - (rows.at(-1)?.[0] ?? monday);
    for (const [pod, share] of [
      ['a', 0.5],
      ['b', 0.5],
    ] as const)
      await remoteWrite({
        url: prometheus.url,
        series: {
          metric: 'shop_demand',
          labels: { pod },
          kind: 'gauge',
          timestamps: Float64Array.from(rows, ([at]) => at + shift),
          values: Float64Array.from(rows, ([, value]) => share * value),
        },
      });
  });
  afterAll(() => prometheus?.stop());

  const of = (...args: string[]) => ['--prometheus', prometheus.url, '--step', '5m', ...args];
  const total = 'sum(shop_demand)';

  it('asks the query of the flag, or that of the manifest, and prints it in the ScaledObject to apply', async () => {
    const hoursOf = async (...args: string[]) =>
      (await answerTo(of(...args, ...play, 'reactive'))).policies[0]?.replicaHours;
    const byFlag = () => hoursOf('--query', total, ...target, '--max', '30', '--min', '2');
    const manifests = [
      scaledObject(`{ type: prometheus, metadata: { query: ${total}, threshold: "5" } }`),
      scaledObject(`{ type: external, metadata: { query: ${total}, threshold: "5", leadTime: 5m } }`),
    ];
    /** All of the same rows: asks again where a step of the history ended in between. */
    const all = async (): Promise<readonly unknown[]> => {
      const before = await byFlag();
      const own = [];
      for (const manifest of manifests) own.push(await hoursOf('--manifest', manifest));
      return before === (await byFlag()) ? [before, ...own] : all();
    };
    const [flag, ...own] = await all();
    expect(flag).toBeGreaterThan(0);
    expect(own).toEqual([flag, flag]);
    const { stdout } = await whatIf(
      of('--manifest', manifests[0] ?? '', ...play, 'reactive,forescale', '--yaml'),
    );
    expect(stdout).toContain(`query: ${total}`);
  });

  it('plays an HPA, on a metric or on CPU', async () => {
    const external = hpa(
      '{ type: External, external: { target: { type: AverageValue, averageValue: "5" } } }',
    );
    const byMetric = await answerTo(of('--query', total, '--manifest', external, ...play, 'own,reactive'));
    expect(byMetric.policies[0]?.replicaHours).toBe(byMetric.policies[1]?.replicaHours);
    const cpu = hpa(
      '{ type: Resource, resource: { name: cpu, target: { type: Utilization, averageUtilization: 50 } } }',
    );
    const byCpu = await answerTo(of('--query', total, '--manifest', cpu, ...target, ...play, 'own,reactive'));
    expect(byCpu.policies[0]?.knob.setting).toBe(2);
  });

  it.each([
    ['a query of two series', ['--query', 'shop_demand'], 'the query gives 2 series'],
    ['an empty range', ['--query', 'nothing_of_the_kind'], 'gives no number between'],
    ['no query at all', [], '--query: needed with --prometheus'],
  ])('refuses %s with exit code 2', async (_, args, words) => {
    const { code, stdout, stderr } = await whatIf(of(...args, ...target));
    expect(stderr).toContain(words);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});
