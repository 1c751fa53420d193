import { Readable } from 'node:stream';
import { afterAll, describe, expect, it } from 'vitest';
import type { ForecastJson } from '../../../src/api/answers/forecast-json.ts';
import { errorTable } from '../../../src/platform/errors.ts';
import { json, startFakeApi } from '../history/prometheus/fake-api.ts';
import { csvOf, monday, temporaryFolder, workingWeekRows } from './made-history.ts';
import { runCommand, runFailing } from './run-command.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

const rows = workingWeekRows(15, 300);
const csv = folder.file('week.csv', csvOf(rows));
const last = rows.at(-1)?.[0] ?? Number.NaN;

async function forecastJson(...args: string[]): Promise<ForecastJson> {
  const { stdout } = await runCommand(['forecast', '--json', ...args]);
  return JSON.parse(stdout) as ForecastJson;
}

describe('forecast --json', () => {
  it('has the promised shape', async () => {
    const forecast = await forecastJson('--csv', csv, '--horizon', '2h', '--quantiles', '0.5,0.9');
    expect(Object.keys(forecast)).toEqual([
      'status',
      'reasons',
      'origin',
      'stepSeconds',
      'seasons',
      'points',
    ]);
    expect(forecast).toMatchObject({ status: 'ok', reasons: [], origin: last, stepSeconds: 300 });
    expect(forecast.seasons).toContain(86_400);
    expect(forecast.points).toHaveLength(24);
    for (const [index, { t, median, quantiles }] of forecast.points.entries()) {
      expect(t).toBe(last + (index + 1) * 300);
      expect(Object.keys(quantiles)).toEqual(['0.5', '0.9']);
      expect(quantiles['0.5']).toBe(median);
      expect(quantiles['0.9']).toBeGreaterThanOrEqual(median);
    }
  });

  it('sees the day to come in a history that repeats', async () => {
    const forecast = await forecastJson('--csv', csv, '--at', String(last - 86_400), '--horizon', '24h');
    const actual = rows.slice(-288).map(([, value]) => value);
    const errors = forecast.points.map(({ median }, index) => Math.abs(median - (actual[index] ?? 0)));
    const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
    expect(sum(errors) / sum(actual)).toBeLessThan(0.15);
  });

  it('is the same twice, and unchanged when what comes after --at is changed', async () => {
    const at = last - 2 * 86_400;
    const args = ['--at', new Date(at * 1000).toISOString(), '--horizon', '6h'];
    const changed = folder.file(
      'changed.csv',
      csvOf(rows.map(([t, value]) => [t, t > at ? 1e6 : value] as const)),
    );
    const first = await runCommand(['forecast', '--json', '--csv', csv, ...args]);
    const again = await runCommand(['forecast', '--json', '--csv', csv, ...args]);
    const other = await runCommand(['forecast', '--json', '--csv', changed, ...args]);
    expect(again.stdout).toBe(first.stdout);
    expect(other.stdout).toBe(first.stdout);
    expect(JSON.parse(first.stdout)).toMatchObject({ status: 'ok', origin: at });
  });

  it('says that it is learning, and why, where the history is too short', async () => {
    const short = folder.file('short.csv', csvOf(rows.slice(0, 5)));
    const { stdout, error } = await runFailing(['forecast', '--json', '--csv', short]);
    const forecast = JSON.parse(stdout) as ForecastJson;
    expect(forecast).toMatchObject({ status: 'learning', points: [], seasons: [] });
    expect(errorTable[error.code].exitCode).toBe(3);
    expect(error.message).toBe(`no forecast yet: ${forecast.reasons[0]?.message}`);
  });

  it('follows the clocks of --time-zone when they are changed', async () => {
    // Clocks in Berlin leap ahead on 2026-03-29 at 01:00Z: what was there at 09:00Z is there at 08:00Z from then on.
    const [evening, nextDay] = [1_774_720_800, 86_400];
    const weeks = rows.map(([t, value]) => [t - monday + evening - 14 * nextDay, value] as const);
    const file = folder.file('spring.csv', csvOf(weeks));
    const inUtc = await forecastJson('--csv', file, '--at', String(evening), '--horizon', '24h');
    const args = ['--csv', file, '--at', String(evening), '--time-zone', 'Europe/Berlin'];
    const local = await forecastJson(...args, '--horizon', '24h');
    const at = (forecast: ForecastJson, hour: number) => forecast.points[12 * hour - 1]?.median ?? Number.NaN;
    for (const hour of [14, 16, 18]) expect(at(local, hour) / at(inUtc, hour + 1)).toBeCloseTo(1, 1);
    expect(at(local, 2)).toBe(at(inUtc, 2));
  });

  it('reads standard input', async () => {
    const stdin = Readable.from([Buffer.from(csvOf(rows))]);
    const { stdout } = await runCommand(['forecast', '--csv', '-', '--json'], { stdin });
    expect(JSON.parse(stdout)).toMatchObject({ status: 'ok', origin: last });
  });

  it('starts at --at where rows are missing before it', async () => {
    const forecast = await forecastJson('--csv', csv, '--at', String(last + 900), '--horizon', '1h');
    expect(forecast.origin).toBe(last + 900);
  });
});

describe('forecast for people', () => {
  it('draws the day and lists some of it', async () => {
    const { stdout } = await runCommand(['forecast', '--csv', csv]);
    expect(stdout).toMatch(/forecast as of 2026-01-19 23:55:00Z, step 5m, seasons: 1d/);
    expect(stdout).toMatch(/[▁▂▃▄▅▆▇█]{60,}/);
    expect(stdout).toMatch(/time +median +90% +95% +99%\n/);
    expect(stdout.split('\n').length).toBeLessThan(20);
  });

  it('says what is missing while it learns', async () => {
    const short = folder.file('short.csv', csvOf(rows.slice(0, 5)));
    const { stdout, error } = await runFailing(['forecast', '--csv', short]);
    expect([stdout, error.message]).toEqual([
      '',
      expect.stringMatching(/^no forecast yet: has .*, a forecast needs/),
    ]);
  });

  it('tells on stderr where the horizon is no multiple of the step', async () => {
    const { stderr } = await runCommand(['forecast', '--csv', csv, '--horizon', '7m']);
    expect(stderr).toMatch(/--horizon 7m is no multiple of the step, 5m: the forecast ends at 5m/);
  });
});

describe('forecast from Prometheus', () => {
  it('asks for the range up to --at, passes warnings on, and forecasts', async () => {
    const values = new Map(rows);
    const api = await startFakeApi(({ form }, response) => {
      const [start = 0, end = 0, step = 1] = ['start', 'end', 'step'].map((name) => Number(form.get(name)));
      const points: [number, string][] = [];
      for (let t = start; t <= end; t += step) if (values.has(t)) points.push([t, String(values.get(t))]);
      const result = [{ metric: {}, values: points }];
      json(response, { status: 'success', warnings: ['partial'], data: { resultType: 'matrix', result } });
    });
    try {
      const source = [
        '--prometheus',
        api.url,
        '--query',
        'sum(rate(x[5m]))',
        '--range',
        '14d',
        '--step',
        '5m',
      ];
      const { stdout, stderr } = await runCommand([
        'forecast',
        ...source,
        '--at',
        String(monday + 14 * 86_400),
        '--json',
      ]);
      expect(JSON.parse(stdout)).toMatchObject({ status: 'ok', origin: monday + 14 * 86_400 });
      expect(stderr).toBe(`${api.url} warns: partial\n`);
      expect(api.requests[0]?.form.get('query')).toBe('sum(rate(x[5m]))');
      expect(Number(api.requests[0]?.form.get('start'))).toBe(monday);
    } finally {
      await api.close();
    }
  });

  it('says so when the query gives nothing', async () => {
    const api = await startFakeApi((_, response) =>
      json(response, { status: 'success', data: { resultType: 'matrix', result: [] } }),
    );
    try {
      const args = ['forecast', '--prometheus', api.url, '--query', 'typo'];
      await expect(runCommand(args)).rejects.toMatchObject({
        code: 'no-data',
        message: expect.stringMatching(/--query: typo gives no number/),
      });
    } finally {
      await api.close();
    }
  });
});

describe('a wrong command line', () => {
  it('has all its errors listed at once', async () => {
    const args = [
      '--csv',
      'x',
      '--prometheus',
      'nowhere',
      '--horizon',
      'soon',
      '--at',
      'noon',
      '--quantiles',
      '2,0.9',
    ];
    await expect(runCommand(['forecast', ...args])).rejects.toMatchObject({
      code: 'invalid-argument',
      fieldErrors: ['--csv', '--quantiles', '--horizon', '--at'].map((field) =>
        expect.objectContaining({ field }),
      ),
    });
  });

  it.each([
    [[], /--csv FILE, or --prometheus URL/],
    [['--prometheus', 'http://p:9090'], /--query: needed/],
    [['--prometheus', 'p:9090', '--query', 'x'], /--prometheus: .*http:\/\//],
    [['--influxdb', 'http://i:8086', '--query', 'SELECT 1'], /--database: needed with --influxdb/],
    [['--influxdb', 'http://i:8086', '--database', 'd'], /--query: needed .*time\(\$__interval\)/],
    [['--influxdb', 'http://i:8086', '--prometheus', 'http://p:9090'], /--influxdb: cannot be used beside/],
    [['--csv', csv, '--horizon', '1m'], /--horizon: "1m" is shorter than one step, 5m/],
    [['--csv', csv, '--seasons', '10m'], /--seasons/],
    [['--csv', csv, '--time-zone', 'Mars'], /--time-zone: "Mars" must be an IANA time zone/],
    [['--csv', '/nowhere.csv'], /--csv: cannot read \/nowhere\.csv: ENOENT/],
  ])('%j is a usage error', async (args, message) => {
    await expect(runCommand(['forecast', ...args])).rejects.toMatchObject({
      code: 'invalid-argument',
      message: expect.stringMatching(message),
    });
  });

  it('shows examples on --help', async () => {
    let stdout = '';
    const help = runCommand(['forecast', '--help'], {
      stdout: (text) => {
        stdout += text;
      },
    });
    await expect(help).rejects.toMatchObject({ exitCode: 0 });
    expect(stdout).toMatch(/Examples:\n {2}forescale forecast --csv/);
  });
});
