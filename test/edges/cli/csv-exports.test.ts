import { Readable } from 'node:stream';
import { afterAll, describe, expect, it } from 'vitest';
import { errorTable } from '../../../src/platform/errors.ts';
import { csvOf, temporaryFolder, workingWeekRows } from './made-history.ts';
import { runCommand, runFailing } from './run-command.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

const rows = workingWeekRows(8, 300).map(([t, value]) => [t, Math.round(value * 100) / 100] as const);
const plain = folder.file('plain.csv', csvOf(rows));
const forecastOf = async (...args: string[]) =>
  await runCommand(['forecast', '--json', '--horizon', '1h', ...args]);

/** As Excel writes two columns in German. */
const german = `\uFEFFZeit;shop;checkout\r\n${rows
  .map(([t, value]) => {
    const [date = '', time = ''] = new Date(t * 1000).toISOString().split('T');
    const [year, month, day] = date.split('-');
    return `${day}.${month}.${year} ${time.slice(0, 5)};${String(value).replace('.', ',')};7`;
  })
  .join('\r\n')}\r\n`;

describe('a history that another tool exported', () => {
  it('gives the forecast of the plain one, and says on stderr how it was read', async () => {
    const exported = folder.file('german.csv', german);
    const { stdout } = await forecastOf('--csv', plain);
    const { stdout: same, stderr } = await forecastOf('--csv', exported, '--column', 'shop');
    expect(JSON.parse(stdout)).toMatchObject({ status: 'ok' });
    expect(same).toBe(stdout);
    expect(stderr).toMatch(/--csv: .*decimal comma/);
    expect(stderr).toMatch(/--csv: .*read as UTC/);
  });

  it('is refused as a usage error where it can be read in two ways, with the flag that says which', async () => {
    const { error, stdout } = await runFailing(['forecast', '--csv', '-'], {
      stdin: Readable.from([Buffer.from(german)]),
    });
    expect(error.message).toMatch(
      /2 columns can be the values: "shop", "checkout"; choose one with --column/,
    );
    expect(errorTable[error.code].exitCode).toBe(2);
    expect(stdout).toBe('');
  });

  it('is seeded as it is forecast', async () => {
    const text = 'Time;a;b\n2026-01-05 09:00;1,5;1\n2026-01-05 09:05;2,5;1\n';
    const { stdout, stderr } = await runCommand(
      ['seed', '--openmetrics', '-', '--csv', '-', '--column', 'a', '--as', 'gauge', '--until', '600'],
      { stdin: Readable.from([Buffer.from(text)]) },
    );
    expect(stdout).toMatch(/ 1\.5 300\n.* 2\.5 600\n/);
    expect(stderr).toMatch(/--csv: .*decimal comma/);
  });

  it('of a row a day is refused by what it has, and not by a flag that was not given', async () => {
    const days = folder.file('days.csv', csvOf(workingWeekRows(60, 86_400)));
    const { error } = await runFailing(['forecast', '--csv', days]);
    expect(error.message).toMatch(/^the rows are 1d apart, too far to see the seasons.*closer together/);
    const given = await runFailing(['forecast', '--csv', days, '--seasons', '7d']);
    expect(given.error.message).toMatch(/^--seasons: .*at least 20 steps/);
  });

  it.each([
    [
      ['forecast', '--prometheus', 'http://127.0.0.1:9', '--query', 'x', '--column', 'a'],
      /--column: only used with --csv/,
    ],
    [['seed', '--openmetrics', '-', '--decimal', 'comma'], /--decimal: only used with --csv/],
    [['forecast', '--csv', plain, '--decimal', ';'], /--decimal: ";" must be point or comma/],
  ])('has flags of its own: %j', async (args, message) => {
    const { error } = await runFailing(args);
    expect(error).toMatchObject({ code: 'invalid-argument', message: expect.stringMatching(message) });
  });
});
