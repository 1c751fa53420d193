import { afterAll, describe, expect, it } from 'vitest';
import type { ForecastJson } from '../../../src/api/answers/forecast-json.ts';
import { parseCsvHistory } from '../../../src/history/csv.ts';
import { csvOf, temporaryFolder, workingWeekRows } from './made-history.ts';
import { runCommand, runFailing } from './run-command.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

const csv = folder.file('week.csv', csvOf(workingWeekRows(8, 300)));
const forecastOf = async (...args: string[]) => {
  const { stdout } = await runCommand(['forecast', '--csv', csv, '--horizon', '2h', ...args]);
  return stdout;
};
const { points } = JSON.parse(await forecastOf('--json')) as ForecastJson;

describe('forecast --format', () => {
  it('csv has the points of --json, with their times in the zone, and is read back as it was written', async () => {
    const text = await forecastOf('--format', 'csv', '--time-zone', 'UTC', '--unit', 'req/s, all');
    const [header, first] = text.split('\n');
    expect(header).toBe('timestamp,unix,median,0.9,0.95,0.99,unit');
    expect(first).toMatch(/^2026-01-13T00:00:00Z,1768262400,[\d.]+,[\d.]+,[\d.]+,[\d.]+,"req\/s, all"$/);
    for (const column of ['median', '0.99']) {
      const read = parseCsvHistory(text, { column });
      expect(Array.from(read.timestamps)).toEqual(points.map(({ t }) => t));
      expect(Array.from(read.values)).toEqual(
        points.map(({ median, quantiles }) => (column === 'median' ? median : quantiles[column])),
      );
    }
  });

  it('ndjson has a point in each line, with the time as clocks show it', async () => {
    const zone = ['--time-zone', 'America/New_York'];
    const lines = (await forecastOf('--format', 'ndjson', '--unit', 'req/s', ...zone)).trim().split('\n');
    const inZone = JSON.parse(await forecastOf('--json', ...zone)) as ForecastJson;
    expect(lines.map((line) => JSON.parse(line))).toEqual(
      inZone.points.map(({ t: unix, ...point }) => ({
        ...{ time: expect.stringMatching(/-05:00$/), unix, ...point, unit: 'req/s' },
      })),
    );
    expect(JSON.parse(lines[0] ?? '').time).toBe('2026-01-12T19:00:00-05:00');
  });

  it('table has times in the zone and the unit, and json is --json', async () => {
    const table = await forecastOf('--time-zone', 'Asia/Kolkata', '--unit', 'req/s');
    expect(table).toContain('median (req/s)');
    expect(table).toContain('2026-01-13 07:25:00+05:30');
    expect(await forecastOf('--format', 'json')).toBe(await forecastOf('--json'));
  });

  it('prints nothing where there is no forecast yet, and exits as --json does', async () => {
    const short = folder.file('short.csv', csvOf(workingWeekRows(0.05, 300)));
    const { stdout, error } = await runFailing(['forecast', '--csv', short, '--format', 'csv']);
    expect(stdout).toBe('');
    expect(error.message).toMatch(/no forecast yet/);
  });

  it.each([
    [['--json', '--format', 'csv'], /--format: "csv" cannot be used beside --json/],
    [['--json', '--unit', 'req/s'], /--unit: is not written into JSON/],
    [['--format', 'xml'], /--format: "xml" must be/],
  ])('refuses %j', async (args, message) => {
    const { error } = await runFailing(['forecast', '--csv', csv, ...args]);
    expect(error).toMatchObject({ code: 'invalid-argument', message: expect.stringMatching(message) });
  });
});
