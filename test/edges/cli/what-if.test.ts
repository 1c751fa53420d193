import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { parseScaledObject } from '../../../src/keda-sim/index.ts';
import { errorTable } from '../../../src/platform/errors.ts';
import type { WhatIfAnswer } from '../../../src/what-if/index.ts';
import { json, startFakeApi } from '../history/prometheus/fake-api.ts';
import { csvOf, monday, temporaryFolder, workingWeekRows } from './made-history.ts';
import { runCommand, runFailing } from './run-command.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

const week = workingWeekRows(8, 300);
const csv = folder.file('week.csv', csvOf(week));
const base = ['what-if', '--csv', csv, '--start-up', '5m', '--policy'];
const few = [...base, 'reactive,forescale', '--target', '5'];

async function answerTo(...args: string[]): Promise<WhatIfAnswer> {
  return JSON.parse((await runCommand([...args, '--json'])).stdout) as WhatIfAnswer;
}

const manifest = (trigger: string) => `
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: { name: shop, namespace: web }
spec:
  minReplicaCount: 2
  maxReplicaCount: 30
  triggers: [${trigger}]
`;

describe('what-if --json', () => {
  it('has the promised shape', async () => {
    const answer = await answerTo(...few, '--price-per-replica-hour', '0.5');
    expect(answer.policies.map(({ name }) => name)).toEqual(['reactive', 'forescale']);
    for (const policy of answer.policies) {
      expect(policy).toMatchObject({
        shortTimeShare: expect.any(Number),
        shortageShare: expect.any(Number),
        excessShare: expect.any(Number),
        replicaHours: expect.any(Number),
        oracleReplicaHours: expect.any(Number),
        changes: expect.any(Number),
      });
      expect(policy.cost).toBeCloseTo(policy.replicaHours / 2, 9);
      expect(policy.atEqualService?.oracleReplicaHours).toBe(policy.oracleReplicaHours);
    }
    const [reactive, forescale] = answer.policies;
    expect(forescale?.shortTimeShare).toBeLessThan(reactive?.shortTimeShare ?? 0);
    expect((answer.to - answer.from) / 86_400).toBeCloseTo(4, 1);
    expect(answer.worstWindows[0]).toMatchObject({ policy: 'reactive', shortSeconds: expect.any(Number) });
  });

  it('writes a trace from which the same figures follow', async () => {
    const trace = folder.file('trace.csv', '');
    const { policies } = await answerTo(...few, '--trace', trace);
    const [header, ...lines] = readFileSync(trace, 'utf8').trimEnd().split('\n');
    expect(header).toBe(
      'timestamp,demand,reactive_existing,reactive_ready,forescale_existing,forescale_ready',
    );
    const rows = lines.map((line) => line.split(',').map(Number));
    for (const [index, { shortTimeShare, replicaHours }] of policies.entries()) {
      const short = rows.filter((row) => (row[1] ?? 0) > 5 * (row[3 + 2 * index] ?? 0)).length;
      expect(short / rows.length).toBeCloseTo(shortTimeShare, 9);
      const existing = rows.reduce((sum, row) => sum + (row[2 + 2 * index] ?? 0), 0);
      expect((existing * 15) / 3600).toBeCloseTo(replicaHours, 6);
    }
  });

  it("plays the user's own autoscaler, by its threshold, its CPU or its external trigger", async () => {
    const own = async (trigger: string, ...args: string[]) =>
      (
        await answerTo(
          ...base,
          'own,reactive',
          '--manifest',
          folder.file('own.yaml', manifest(trigger)),
          ...args,
        )
      ).policies;
    const prometheus = await own('{ type: prometheus, metadata: { query: x, threshold: "5" } }');
    expect(prometheus[0]?.replicaHours).toBe(prometheus[1]?.replicaHours);
    const cpu = await own(
      '{ type: cpu, metricType: Utilization, metadata: { value: "50" } }',
      '--target',
      '5',
    );
    expect(cpu[0]?.knob.setting).toBe(2);
    expect(cpu[0]?.replicaHours).toBeGreaterThan(1.3 * (cpu[1]?.replicaHours ?? 0));
    const external = await own(
      '{ type: external, metadata: { query: x, threshold: "5", serviceLevel: "0.95" } }',
    );
    expect(external[0]?.knob).toEqual({ meaning: 'service level', setting: 0.95 });
  });

  it("plays the user's cron triggers by the clock, beside the demand or alone", async () => {
    const cron =
      '{ type: cron, metadata: { timezone: UTC, start: 0 6 * * *, end: 0 20 * * *, desiredReplicas: "28" } }';
    const hours = async (triggers: string) => {
      const file = folder.file('cron.yaml', manifest(triggers));
      const { policies } = await answerTo(...base, 'own', '--target', '5', '--manifest', file);
      return policies[0]?.replicaHours ?? Number.NaN;
    };
    const alone = await hours(cron);
    // Four days of 14 hours of 28 replicas and of 10 hours of the least number, and five minutes of hold a day.
    expect(alone).toBeCloseTo(4 * (14 * 28 + 10 * 2 + (26 * 5) / 60), -1);
    const demand = await hours('{ type: prometheus, metadata: { query: x, threshold: "5" } }');
    const both = await hours(`${cron}, { type: prometheus, metadata: { query: x, threshold: "5" } }`);
    expect(both).toBeGreaterThan(Math.max(alone, demand));
    expect(both).toBeLessThan(alone + demand);
  });

  it('takes a start-up that varies, nodes that must come first, and zero replicas', async () => {
    const hours = async (...args: string[]) =>
      (await answerTo(...base.slice(0, 3), '--policy', 'reactive', '--target', '5', ...args)).policies[0]
        ?.shortTimeShare ?? Number.NaN;
    const fixed = await hours('--start-up', '2m');
    expect(await hours('--start-up', '2m..10m')).toBeGreaterThan(fixed);
    expect(await hours('--start-up', '2m', '--node-delay', '5m')).toBeGreaterThan(fixed);
    expect(await hours('--start-up', '2m', '--min', '0')).toBeGreaterThanOrEqual(0);
  });
});

describe('what-if for people', () => {
  it('says the verdict, two tables, the best of each column and what the columns mean', async () => {
    const { stdout, stderr } = await runCommand([...few, '--price-per-replica-hour', '0.5']);
    expect(stderr).toBe('');
    expect(stdout).toMatch(
      /^reactive is short [\d.]+% of the time with \d+ replica-hours; Forescale is short/m,
    );
    expect(stdout).toMatch(/^For [\d.]+%, the reactive rule at its best target takes \d+ replica-hours/m);
    expect(stdout).toMatch(/^policy +short +unserved .* cost$/m);
    expect(stdout.match(/^Forescale .*\*/gm)).toHaveLength(2);
    expect(stdout).toContain('at equal service: each tuned');
    expect(stdout).toContain('short: share of time in which demand was above');
  });

  it('says so where no way of scaling could serve the demand, as where the target is in another unit', async () => {
    const { stderr } = await runCommand([...few, '--max', '1']);
    expect(stderr).toMatch(
      /^for \d+% of the time demand is above 5, the most .*\(1 of 5 each\).*unit of the rows\?\n$/,
    );
  });

  it('shows its progress where a person watches', async () => {
    const { stderr } = await runCommand(few, { isTty: true });
    expect(stderr).toMatch(/\rpolicies: played \d+%/);
  });

  it('prints the ScaledObject to apply, which KEDA and the scaler take', async () => {
    const { stdout } = await runCommand([...few, '--yaml', '--max', '40']);
    expect(stdout).toMatch(/^# reactive is short/);
    const { metadata, maxReplicas, behavior } = parseScaledObject(stdout, 'out.yaml');
    expect(metadata).toMatchObject({ threshold: '5', leadTime: '5m', serviceLevel: '0.99' });
    expect([maxReplicas, behavior?.scaleDown?.stabilizationWindowSeconds]).toEqual([40, 60]);
    expect(parseYaml(stdout)).toMatchObject({ kind: 'ScaledObject' });
  });
});

describe('what-if --html', () => {
  let answer: WhatIfAnswer;
  let html: string;
  beforeAll(async () => {
    const file = folder.file('report.html', '');
    answer = await answerTo(...few, '--html', file);
    html = readFileSync(file, 'utf8');
  });

  it('says the numbers of the tables and of the JSON, and loads nothing', () => {
    for (const { title, shortTimeShare, replicaHours, atEqualService } of answer.policies) {
      const rows = [...html.matchAll(/<tr><td>([^<]+)<\/td>(.*?)<\/tr>/g)].filter(
        ([, name]) => name === title,
      );
      const cells = rows.map(([, , row = '']) =>
        [...row.matchAll(/>([^<]+)<\/td>/g)].map(([, text]) => text),
      );
      const said = (short: number, hours: number) => [`${(100 * short).toFixed(2)}%`, hours.toFixed(0)];
      expect(cells.map((row) => [row[0], row[4]])).toEqual([
        said(shortTimeShare, replicaHours),
        said(atEqualService?.shortTimeShare ?? -1, atEqualService?.replicaHours ?? -1),
      ]);
    }
    expect(html).toContain("default-src 'none'");
    expect(html).not.toMatch(/<script|<link|<img|src=|href=|url\(|@import|https?:/);
  });

  it('draws a day to choose on axes of demand, replicas and the clock of a zone', async () => {
    const file = folder.file('axes.html', '');
    const { stderr } = await runCommand(
      [...base, 'reactive', '--target', '5', '--html', file, '--time-zone', 'Asia/Tokyo'],
      { isTty: true },
    );
    expect(stderr).toMatch(/policies: played \d+%.*start-ups: played \d+%/s);
    const html = readFileSync(file, 'utf8');
    const names = [...html.matchAll(/name="day" id="day-\d+"( checked)?><label[^>]*>([^<]+)</g)];
    expect(names.map(([, , name]) => name)).toEqual(['Fri 9 Jan', 'Sat 10 Jan', 'Sun 11 Jan', 'Mon 12 Jan']);
    const place = names.findIndex(([, checked]) => checked !== undefined);
    const day = html.split(/<div class="of-day-\d+">/)[1 + place] ?? '';
    const [demand = [], replicas = []] = [...day.matchAll(/<div class="ys[^"]*">(.*?)<\/div>/g)].map(
      ([, ticks = '']) =>
        [...ticks.matchAll(/bottom:([\d.]+)%">([\d.,]+)</g)].map(
          ([, at, label]) => Number(label) / Number(at),
        ),
    );
    // Every label but nought says the same scale: the value of a hundredth of the axis.
    const scale = demand.at(-1) ?? Number.NaN;
    expect(demand.slice(1).every((one) => Math.abs(one / scale - 1) < 0.01)).toBe(true);
    expect(replicas.at(-1)).toBeCloseTo(scale / 5, 2);
    // The judged half begins at nine on Friday morning in Tokyo.
    const until = Date.UTC(2026, 0, 10 + place) / 1000 - 9 * 3600;
    const from = Math.max(monday + 4 * 86_400, until - 86_400);
    const highest = Math.max(...week.filter(([t]) => t > from && t <= until).map(([, value]) => value));
    expect(100 * scale).toBeGreaterThan(highest);
    expect(100 * scale).toBeLessThan(1.05 * highest + 20);
    expect(day).toMatch(/>0:00<.*>6:00<.*>12:00<.*>18:00<.*>24:00<.*time of day, Asia\/Tokyo/s);
    expect(day).toMatch(/reactive: short for \S+, with \d+ to \d+ replicas/);
  });

  it('says what longer start-ups cost at equal service, ours nearer to the oracle than the reactive rule', () => {
    const section = html.slice(html.indexOf('If replicas took longer'), html.indexOf('As it comes'));
    const rows = [...section.matchAll(/<tr><td>(\w+)<\/td>(.*?)<\/tr>/g)].map(([, startUp, cells = '']) => [
      startUp,
      ...[...cells.matchAll(/<td>([\d.]+)/g)].map(([, text]) => Number(text)),
    ]);
    expect(rows.map(([startUp]) => startUp)).toEqual(['1m', '2m', '5m', '10m', '20m', '30m']);
    const [, reactive = 0, ours = 0, oracle = 0] = rows.at(-1)?.map(Number) ?? [];
    expect(ours).toBeGreaterThan(oracle);
    expect(reactive).toBeGreaterThan(ours);
  });
});

describe('what-if refuses', () => {
  const target = ['--target', '5'];
  it.each([
    [
      'a wrong CSV',
      ['--csv', folder.file('bad.csv', 'a,b\n1,2\n'), ...target],
      2,
      'line 1 "a,b": the header must be',
    ],
    [
      'an empty range',
      ['--csv', folder.file('empty.csv', 'timestamp,value\n1,\n61,\n'), ...target],
      2,
      'no row with a value',
    ],
    [
      'no target',
      ['--csv', csv],
      2,
      '--target: nothing says how much demand a replica carries; give for example --target 10',
    ],
    [
      'an unknown policy',
      ['--csv', csv, ...target, '--policy', 'magic'],
      2,
      '--policy: "magic" is not known; choose from own, reactive',
    ],
    [
      'own without a manifest',
      ['--csv', csv, ...target, '--policy', 'own'],
      2,
      'own is the autoscaler of --manifest',
    ],
    [
      'a start-up that is none',
      ['--csv', csv, ...target, '--start-up', '5m..2m'],
      2,
      '--start-up: "5m..2m" must be a duration',
    ],
    [
      'another kind of manifest',
      ['--csv', csv, '--manifest', folder.file('kind.yaml', 'kind: Deployment')],
      2,
      'no document with kind: ScaledObject or HorizontalPodAutoscaler, only Deployment',
    ],
    [
      'too little history',
      ['--csv', folder.file('short.csv', csvOf(workingWeekRows(2, 300))), ...target],
      3,
      'and 4d are needed',
    ],
  ])('%s', async (_, args, exitCode, words) => {
    const { error, stdout } = await runFailing(['what-if', ...args]);
    expect(error.message).toContain(words);
    expect([errorTable[error.code].exitCode, stdout]).toEqual([exitCode, '']);
  });

  it('a query that neither flag nor manifest gives', async () => {
    const file = folder.file(
      'cpu.yaml',
      manifest('{ type: cpu, metricType: Utilization, metadata: { value: "50" } }'),
    );
    const args = ['what-if', '--prometheus', 'http://127.0.0.1:9', '--manifest', file, ...target];
    const { error } = await runFailing(args);
    expect(error.message).toContain('--query: needed with --prometheus');
    expect(errorTable[error.code].exitCode).toBe(2);
  });

  it('a query of two series', async () => {
    const series = (pod: string) => ({ metric: { pod }, values: [[1_767_571_200, '1']] });
    const api = await startFakeApi((_, response) =>
      json(response, {
        status: 'success',
        data: { resultType: 'matrix', result: [series('a'), series('b')] },
      }),
    );
    try {
      const { error } = await runFailing(['what-if', '--prometheus', api.url, '--query', 'x', ...target]);
      expect([error.code, errorTable[error.code].exitCode]).toEqual(['several-series', 2]);
    } finally {
      await api.close();
    }
  });
});
