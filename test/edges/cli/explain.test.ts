import { afterAll, describe, expect, it } from 'vitest';
import type { ExplanationJson } from '../../../src/api/answers/explanation-json.ts';
import type { ForecastJson } from '../../../src/api/answers/forecast-json.ts';
import { errorTable } from '../../../src/platform/errors.ts';
import { json, startFakeApi } from '../history/prometheus/fake-api.ts';
import { csvOf, monday, temporaryFolder, workingWeekRows } from './made-history.ts';
import { runCommand, runFailing } from './run-command.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

const rows = workingWeekRows(16, 300);
const csv = folder.file('week.csv', csvOf(rows));
const last = rows.at(-1)?.[0] ?? Number.NaN;
const morning = '2026-01-20T08:30Z';

const explain = (...args: string[]) => runCommand(['explain', ...args]);
async function explainJson(...args: string[]): Promise<ExplanationJson> {
  return JSON.parse((await explain('--json', ...args)).stdout) as ExplanationJson;
}
const sumOf = ({ components }: ExplanationJson) => components.reduce((sum, { value }) => sum + value, 0);

describe('explain --json', () => {
  it('takes the value apart that forecast gives for that moment', async () => {
    const args = ['--csv', csv, '--at', morning, '--horizon', '2h'];
    const explanation = await explainJson(...args, '--quantile', '0.9');
    const { stdout } = await runCommand(['forecast', '--json', ...args]);
    const point = (JSON.parse(stdout) as ForecastJson).points.at(-1);
    expect(explanation).toMatchObject({ status: 'ok', reasons: [], t: point?.t, median: point?.median });
    expect(explanation.value).toBe(point?.quantiles['0.9']);
    expect(sumOf(explanation)).toBeCloseTo(point?.quantiles['0.9'] ?? Number.NaN, 9);
    expect(explanation.windowSeconds).toBeNull();
  });

  it('has the promised shape', async () => {
    const explanation = await explainJson('--csv', csv, '--window', '30m');
    expect(Object.keys(explanation)).toEqual([
      'status',
      'reasons',
      'summary',
      'origin',
      't',
      'windowSeconds',
      'quantile',
      'value',
      'median',
      'components',
      'newest',
      'experts',
      'seasons',
      'accuracy',
    ]);
    expect(explanation).toMatchObject({ origin: last, windowSeconds: 1800, quantile: 0.99 });
    expect(explanation.seasons).toEqual([86_400, 604_800]);
  });

  it('explains what serve would decide over when nothing is asked for, as of the newest row', async () => {
    // The window of 250 seconds is shorter than the distance of these rows.
    expect(await explainJson('--csv', csv)).toMatchObject({ windowSeconds: 300, origin: last });
    const minutes = folder.file('minutes.csv', csvOf(workingWeekRows(3, 60)));
    expect(await explainJson('--csv', minutes)).toMatchObject({ windowSeconds: 250 });
  });

  it('is unchanged when what comes after --at is changed', async () => {
    const at = last - 86_400;
    const changed = folder.file(
      'changed.csv',
      csvOf(rows.map(([t, value]) => [t, t > at ? 1e6 : value] as const)),
    );
    const first = await explain('--csv', csv, '--at', String(at), '--json');
    expect((await explain('--csv', changed, '--at', String(at), '--json')).stdout).toBe(first.stdout);
  });

  it('says that it is learning, and why, where the history is too short', async () => {
    const short = folder.file('short.csv', csvOf(rows.slice(0, 5)));
    const { stdout, error } = await runFailing(['explain', '--json', '--csv', short]);
    const explanation = JSON.parse(stdout) as ExplanationJson;
    expect(explanation).toMatchObject({ status: 'learning', components: [], value: null });
    expect(explanation.reasons[0]?.message).toMatch(/a forecast needs/);
    expect(errorTable[error.code].exitCode).toBe(3);
    expect(error.message).toBe(`nothing to explain yet: ${explanation.reasons[0]?.message}`);
  });
});

describe('explain for people', () => {
  it('lists the parts, their sum, the experts, and how well the forecast has lately done', async () => {
    const { stdout, stderr } = await explain('--csv', csv, '--at', morning);
    expect(stderr).toBe('');
    expect(stdout).toMatch(
      /^Demand stays at or below [\d.]+ for the next 5m \(99% sure\)\. The usual level .*\.\n\npart +demand\n/,
    );
    const parts = [...stdout.matchAll(/^(?:usual|time|present|event|safety) .*? {2,}(-?[\d.]+) {2}\S/gm)].map(
      ([, part]) => Number(part),
    );
    const together = Number(/^together +([\d.]+)/m.exec(stdout)?.[1]);
    expect(parts).toHaveLength(6);
    expect(Math.abs(parts.reduce((sum, part) => sum + part, 0) - together)).toBeLessThan(0.05);
    expect(stdout).toMatch(/^as of: +2026-01-20 08:30:00Z$/m);
    expect(stdout).toMatch(/^seasons: +1d and 7d$/m);
    expect(stdout).toMatch(/^experts: +[a-z-]+ [\d.]+%, /m);
    expect(stdout).toMatch(/^accuracy: error [\d.]+% of demand 5m ahead/m);
  });

  it('says what is missing while it learns', async () => {
    const short = folder.file('short.csv', csvOf(rows.slice(0, 5)));
    const { stdout, error } = await runFailing(['explain', '--csv', short]);
    expect([stdout, error.message]).toEqual(['', expect.stringMatching(/^nothing to explain yet: has /)]);
  });
});

describe('explain from Prometheus', () => {
  it('reads the range up to --at', async () => {
    const values = new Map(rows);
    const api = await startFakeApi(({ form }, response) => {
      const [start = 0, end = 0, step = 1] = ['start', 'end', 'step'].map((name) => Number(form.get(name)));
      const points: [number, string][] = [];
      for (let t = start; t <= end; t += step) if (values.has(t)) points.push([t, String(values.get(t))]);
      json(response, {
        status: 'success',
        data: { resultType: 'matrix', result: [{ metric: {}, values: points }] },
      });
    });
    try {
      const at = monday + 14 * 86_400;
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
      expect(await explainJson(...source, '--at', String(at))).toMatchObject({ status: 'ok', origin: at });
    } finally {
      await api.close();
    }
  });
});

describe('a wrong command line of explain', () => {
  it.each([
    [[], /--csv FILE, or --prometheus URL/],
    [['--csv', csv, '--window', '1h', '--horizon', '1h'], /--window: cannot be used beside --horizon/],
    [['--csv', csv, '--window', '10s'], /--window: 10s is shorter than the distance of the rows, 5m/],
    [['--csv', csv, '--horizon', '1m'], /--horizon: "1m" is shorter than one step, 5m/],
    [['--csv', csv, '--quantile', '1'], /--quantile: "1" must be between 0 and 1/],
    [['--csv', csv, '--at', 'noon'], /--at: "noon"/],
    [['--csv', csv, '--seasons', '10m'], /--seasons/],
  ])('%j is a usage error', async (args, message) => {
    await expect(explain(...args)).rejects.toMatchObject({
      code: 'invalid-argument',
      message: expect.stringMatching(message),
    });
  });
});
