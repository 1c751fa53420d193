import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPrometheus } from '../../../src/history/prometheus/prometheus.ts';
import { createTraffic, createWorkingWeek } from '../../../src/load-shapes/index.ts';
import { startPrometheus } from '../../../tools/programs/prometheus.ts';
import type { RunningProgram } from '../../../tools/programs/server-process.ts';
import { csvOf, monday, temporaryFolder } from '../../edges/cli/made-history.ts';
import { runCommand } from '../../edges/cli/run-command.ts';
import { skippedNote, whyMissing } from '../real-programs.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

const missing = await whyMissing('prometheus');
/** A whole minute an hour ago. */
const until = Math.floor(Date.now() / 60_000) * 60 - 3600;
const shortCsv = folder.file(
  'short.csv',
  csvOf([
    [monday, 1],
    [monday + 60, 0],
    [monday + 240, 3],
  ]),
);

describe.skipIf(missing)(`seed into a real Prometheus${skippedNote(missing)}`, () => {
  let prometheus: RunningProgram;
  beforeAll(async () => {
    prometheus = await startPrometheus({ env: process.env });
  });
  afterAll(() => prometheus?.stop());

  it('writes two weeks of a counter whose rate is the working week, and reads them back', async () => {
    const { stdout } = await runCommand([
      'seed',
      ...['--prometheus', prometheus.url, '--labels', 'app=demo', '--until', String(until), '--json'],
    ]);
    expect(JSON.parse(stdout)).toEqual({
      to: prometheus.url,
      metric: 'app_requests_total',
      labels: { app: 'demo' },
      as: 'counter',
      from: until - 14 * 86_400,
      until,
      samples: 14 * 1440 + 1,
      found: 14 * 1440 + 1,
      missing: [],
    });
    const source = openPrometheus({ url: prometheus.url });
    const { timestamps, values } = await source.range({
      query: 'sum(rate(app_requests_total{app="demo"}[2m]))',
      startSeconds: until - 7 * 86_400,
      endSeconds: until,
      stepSeconds: 3600,
    });
    await source.close();
    const rateAt = createWorkingWeek({ peakRequestsPerSecond: 100, seed: 1 });
    expect(timestamps).toHaveLength(7 * 24 + 1);
    for (const [index, t] of timestamps.entries()) {
      const expected = (rateAt(t) + rateAt(t - 60)) / 2;
      expect(Math.abs((values[index] ?? 0) - expected)).toBeLessThan(1 + expected * 0.02);
    }
  });

  it('moves a CSV to end when it is told, as it is, gaps and zeros included', async () => {
    const { stdout, stderr } = await runCommand(
      [
        'seed',
        ...['--prometheus', prometheus.url, '--csv', shortCsv, '--as', 'gauge', '--metric', 'trace'],
        ...['--until', new Date(until * 1000).toISOString()],
      ],
      { isTty: true },
    );
    expect(stdout).toMatch(/^3 samples of trace from .* to .* written to http:.*, 3 read back\n$/);
    expect(stderr).toContain('written 3 of 3 samples');
    const source = openPrometheus({ url: prometheus.url });
    const { timestamps, values } = await source.range({
      query: 'last_over_time(trace[59s])',
      startSeconds: until - 240,
      endSeconds: until,
      stepSeconds: 60,
    });
    await source.close();
    expect(Array.from(timestamps)).toEqual([until - 240, until - 180, until]);
    expect(Array.from(values)).toEqual([1, 0, 3]);
  });
});

it('writes OpenMetrics to a file or to stdout', async () => {
  const path = folder.file('history.om', '');
  const args = ['seed', '--csv', shortCsv, '--until', '1000', '--labels', 'a=b'];
  const { stdout } = await runCommand([...args, '--openmetrics', '-']);
  expect(stdout).toBe(
    [
      '# HELP app_requests History written by forescale seed.',
      '# TYPE app_requests counter',
      'app_requests_total{a="b"} 60 760',
      'app_requests_total{a="b"} 60 820',
      'app_requests_total{a="b"} 240 1000',
      '# EOF',
      '',
    ].join('\n'),
  );
  const toFile = await runCommand([...args, '--openmetrics', path, '--json']);
  expect(readFileSync(path, 'utf8')).toBe(stdout);
  expect(JSON.parse(toFile.stdout)).toMatchObject({ to: path, samples: 3, from: 760, until: 1000 });
});

it('makes a history with growth, holidays, flash sales and a shape of its own', async () => {
  const day = 86_400;
  const end = monday + 7 * day;
  const { stdout } = await runCommand([
    ...[
      'seed',
      '--openmetrics',
      '-',
      '--as',
      'gauge',
      '--until',
      String(end),
      '--days',
      '7',
      '--step',
      '30m',
    ],
    ...['--peak', '200', '--base', '5', '--weekend', '0.3', '--noise', '0', '--seed', '4', '--growth', '0.1'],
    ...['--holidays', '2026-01-07', '--flash-sales', `2026-01-09T18:00Z=300,${end - 3600}=50`],
  ]);
  const course = { rampSeconds: 300, holdSeconds: 900, decaySeconds: 1800 };
  const rateAt = createTraffic({
    peakRequestsPerSecond: 200,
    baseRequestsPerSecond: 5,
    weekendRatio: 0.3,
    noiseRatio: 0,
    seed: 4,
    growth: { ratioPerWeek: 0.1, fromSeconds: end },
    holidays: [monday + 2 * day],
    flashSales: [
      { atSeconds: monday + 4 * day + 18 * 3600, extraRequestsPerSecond: 300, ...course },
      { atSeconds: end - 3600, extraRequestsPerSecond: 50, ...course },
    ],
  });
  const rows = [...stdout.matchAll(/^app_requests_per_second ([\d.e-]+) (\d+)$/gm)];
  expect(rows).toHaveLength(7 * 48 + 1);
  for (const [, value, at] of rows) expect(Number(value)).toBeCloseTo(rateAt(Number(at)), 6);
});

describe('a wrong command line', () => {
  it.each([
    [[], /either --prometheus URL or --openmetrics FILE/],
    [['--prometheus', 'http://p', '--openmetrics', 'f'], /either --prometheus URL or --openmetrics FILE/],
    [['--openmetrics', '-', '--json'], /--json: cannot be used with --openmetrics -/],
    [['--openmetrics', '-', '--csv', 'x', '--days', '3', '--peak', '1'], /2 errors: --days.*--peak/],
    [
      [
        '--openmetrics',
        '-',
        '--days',
        '0',
        '--peak',
        'a',
        '--step',
        '0',
        '--until',
        'x',
        '--seed',
        '1.5',
        '--labels',
        'a',
      ],
      /6 errors/,
    ],
    [
      ['--openmetrics', '-', '--base', '200', '--weekend', '-1', '--noise', '1', '--growth', '3'],
      /4 errors: --base: "200" must be a rate from 0 to --peak.*--weekend.*--noise.*--growth/,
    ],
    [
      ['--openmetrics', '-', '--holidays', 'xmas', '--flash-sales', 'soon=3,2026-01-01=-1'],
      /2 errors: --holidays: "xmas" must be.*--flash-sales: "soon=3,2026-01-01=-1" must be/,
    ],
    [
      ['--openmetrics', '-', '--csv', 'x', '--flash-sales', '1=1', '--growth', '0'],
      /2 errors: --growth.*--flash-sales/,
    ],
    [['--openmetrics', '-', '--metric', '9x', '--labels', 'a-b=1'], /2 errors: --metric.*--labels/],
    [['--openmetrics', '-', '--metric', 'requests'], /requests_total, or --as gauge/],
    [['--openmetrics', '/nowhere/x', '--days', '1'], /--openmetrics: cannot write \/nowhere\/x/],
  ])('%j is a usage error', async (args, message) => {
    await expect(runCommand(['seed', ...args])).rejects.toMatchObject({
      code: 'invalid-argument',
      message: expect.stringMatching(message),
    });
  });

  it('names a Prometheus that is not there', async () => {
    const args = ['seed', '--prometheus', 'http://127.0.0.1:9', '--csv', shortCsv];
    await expect(runCommand(args)).rejects.toMatchObject({
      code: 'source-unreachable',
      message: expect.stringContaining('http://127.0.0.1:9'),
    });
  });
});
