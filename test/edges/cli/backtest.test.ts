import { afterAll, describe, expect, it } from 'vitest';
import type { BacktestLine } from '../../../src/forecast/backtest/backtest.ts';
import { csvOf, monday, temporaryFolder, workingWeekRows } from './made-history.ts';
import { runCommand } from './run-command.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

const rows = workingWeekRows(12, 300);
const csv = folder.file('week.csv', csvOf(rows));
const last = rows.at(-1)?.[0] ?? Number.NaN;

async function backtestLines(...args: string[]): Promise<BacktestLine[]> {
  const { stdout } = await runCommand(['backtest', '--json', ...args]);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as BacktestLine);
}

describe('backtest --json', () => {
  it('prints a line of the promised shape for every origin', async () => {
    const lines = await backtestLines(
      '--csv',
      csv,
      '--every',
      '6h',
      '--horizons',
      '5m,1h',
      '--windows',
      '10m,30m',
    );
    const middle = monday + (last - monday) / 2;
    const first = lines[0]?.origin ?? Number.NaN;
    expect(first - middle).toBeGreaterThanOrEqual(0);
    expect(first - middle).toBeLessThan(300);
    expect(lines.length).toBeGreaterThan(20);
    for (const [index, line] of lines.entries()) {
      expect(Object.keys(line)).toEqual(['origin', 'forecasts', 'peaks']);
      expect(line.origin - first).toBe(index * 6 * 3600);
      expect(line.forecasts.map(({ horizonSeconds }) => horizonSeconds)).toEqual([300, 3600]);
      expect(line.peaks.map(({ windowSeconds }) => windowSeconds)).toEqual([600, 1800]);
      for (const { median, quantiles } of line.forecasts) {
        expect(Object.keys(quantiles)).toEqual(['0.5', '0.9', '0.95', '0.99']);
        expect(median).toBe(quantiles['0.5']);
      }
    }
  });

  it('is strictly prequential: what comes after an origin changes nothing of its line', async () => {
    const cut = monday + 9 * 86_400;
    const changed = folder.file(
      'changed.csv',
      csvOf(rows.map(([t, value]) => [t, t > cut ? 5000 : value] as const)),
    );
    const args = ['--from', '2026-01-12T00:00Z', '--every', '3h', '--windows', '30m'];
    const known = (lines: readonly BacktestLine[]) => lines.filter(({ origin }) => origin <= cut);
    const before = known(await backtestLines('--csv', csv, ...args));
    const after = known(await backtestLines('--csv', changed, ...args));
    expect(before.filter(({ forecasts }) => forecasts.length > 0).length).toBeGreaterThan(10);
    expect(before.at(-1)?.origin).toBe(cut);
    expect(after).toEqual(before);
  });

  it('leaves out and names horizons and windows that the rows are too coarse for', async () => {
    const args = [
      '--json',
      '--csv',
      csv,
      '--from',
      '90%',
      '--every',
      '1d',
      '--horizons',
      '7m,1h',
      '--windows',
      '1m,10m',
    ];
    const { stdout, stderr } = await runCommand(['backtest', ...args]);
    expect(stderr).toBe(
      '--horizons 7m: no multiple of the step, 5m; left out\n--windows 1m: shorter than the distance of the rows, 5m; left out\n',
    );
    const line = JSON.parse(stdout.split('\n')[0] ?? '') as BacktestLine;
    expect(line.forecasts.map(({ horizonSeconds }) => horizonSeconds)).toEqual([3600]);
    expect(line.peaks.map(({ windowSeconds }) => windowSeconds)).toEqual([600]);
  });

  it('says nothing of a flag that was not given', async () => {
    const { stderr } = await runCommand([
      'backtest',
      '--json',
      '--csv',
      csv,
      '--from',
      '95%',
      '--every',
      '1d',
    ]);
    expect(stderr).toBe('');
  });

  it('has lines without forecasts while the model is learning', async () => {
    const lines = await backtestLines('--csv', csv, '--from', String(monday + 600), '--every', '7d');
    expect(lines[0]).toEqual({ origin: monday + 600, forecasts: [], peaks: [] });
    expect(lines.at(-1)?.forecasts.length).toBeGreaterThan(0);
  });
});

describe('backtest for people', () => {
  it('puts the model beside the naive ones', async () => {
    const { stdout } = await runCommand(['backtest', '--csv', csv, '--every', '6h', '--horizons', '1h,6h']);
    expect(stdout).toMatch(/^\d+ origins from 2026-01-\d\d .* with a forecast\n/);
    expect(stdout).toMatch(
      /horizon +count +WAPE +persistence +day before +week before +MASE +WQL\n1h +\d+ +\d+\.\d% +/,
    );
    expect(stdout).toMatch(/0\.99 covers/);
    expect(stdout).not.toContain('NaN');
  });

  it('says when there is nothing to score', async () => {
    const short = folder.file('short.csv', csvOf(rows.slice(0, 12)));
    const { stdout } = await runCommand(['backtest', '--csv', short]);
    expect(stdout).toContain('too short for the model');
  });
});

it.each([
  [['--from', 'half'], /--from: "half"/],
  [['--from', '100%'], /--from: "100%" must be a share below 100%/],
  [['--from', '2030-01-01'], /--from: 2030-01-01 .* is after the last row/],
  [['--every', '0s', '--horizons', 'x'], /2 errors: --every.*--horizons/],
])('%j is a usage error', async (args, message) => {
  await expect(runCommand(['backtest', '--csv', csv, ...args])).rejects.toMatchObject({
    code: 'invalid-argument',
    message: expect.stringMatching(message),
  });
});
