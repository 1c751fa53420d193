import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCsvHistory, readCsvHistory } from '../../../src/history/csv.ts';

function rowsOf(text: string, stepSeconds?: number): [number, number][] {
  const { timestamps, values } = parseCsvHistory(text, { stepSeconds });
  return Array.from(timestamps, (unixSeconds, index) => [unixSeconds, values[index] ?? Number.NaN]);
}

describe('a CSV is read', () => {
  it('with unix seconds, zeros as zeros and empty or NaN values as missing rows', () => {
    const text = 'timestamp,value\n60,1\n120,\n180,NaN\n240,0\n300,2.5e1\n';
    expect(rowsOf(text)).toEqual([
      [60, 1],
      [240, 0],
      [300, 25],
    ]);
    expect(parseCsvHistory(text).stepSeconds).toBe(60);
  });

  it('with ISO times, which are UTC where they name no zone', () => {
    const expected = [
      [1_767_603_600, 1],
      [1_767_603_660, 2],
    ];
    expect(rowsOf('timestamp,value\n2026-01-05T09:00:00Z,1\n2026-01-05T10:01:00+01:00,2')).toEqual(expected);
    expect(rowsOf('timestamp,value\n2026-01-05 09:00:00,1\n2026-01-05T09:01,2')).toEqual(expected);
  });

  it('as spreadsheets write it: byte order mark, CRLF, quotes, spaces, decimals of seconds', () => {
    expect(rowsOf('\uFEFF"Timestamp", "Value"\r\n"60.5","1"\r\n 120.5 , 2 \r\n\r\n')).toEqual([
      [60.5, 1],
      [120.5, 2],
    ]);
  });

  it('with the commonest distance as its step, unless one is given', () => {
    const text = 'timestamp,value\n0,1\n60,1\n120,1\n420,1\n480,1\n';
    expect(parseCsvHistory(text).stepSeconds).toBe(60);
    expect(parseCsvHistory(text, { stepSeconds: 300 }).stepSeconds).toBe(300);
    expect(rowsOf('timestamp,value\n0,1\n', 60)).toEqual([[0, 1]]);
  });

  it('to the same rows that were written, whatever they are', () => {
    const rows = fc.uniqueArray(
      fc.tuple(fc.nat(2_000_000_000), fc.double({ min: 0, noNaN: true, noDefaultInfinity: true })),
      {
        minLength: 2,
        selector: ([unixSeconds]) => unixSeconds,
      },
    );
    fc.assert(
      fc.property(rows, (unsorted) => {
        const sorted = unsorted.sort(([a], [b]) => a - b);
        const text = `timestamp,value\n${sorted.map(([t, v]) => `${t},${v}`).join('\n')}\n`;
        expect(rowsOf(text)).toEqual(sorted.map(([t, v]) => [t, v]));
      }),
    );
  });

  it('from a real trace', async () => {
    const history = await readCsvHistory('bench/traces/svc-ms-mongo-app-02-1m.csv');
    expect(history.stepSeconds).toBe(60);
    expect(history.timestamps[0]).toBe(1_524_614_400);
    expect(history.values[0]).toBe(319.883331);
    expect(history.timestamps.length).toBe(15_840);
  });
});

describe('a CSV is refused, naming line, text and remedy', () => {
  it.each([
    ['', /line 1 "".*the file is empty.*"timestamp,value"/],
    ['# made by hand\n\n', /the file is empty/],
    ['60,1\n120,2\n', /line 1 "60,1".*header/],
    ['timestamp,value\n60,1\n120\n', /line 3 "120".*1 columns/],
    ['timestamp,value\n60,1,2\n', /line 2 "60,1,2".*3 columns/],
    ['timestamp,value\nyesterday,1\n', /line 2 "yesterday,1".*unix seconds or an ISO time/],
    ['timestamp,value\n60,many\n', /line 2 "60,many".*value is unreadable/],
    ['timestamp,value\n60,0x10\n', /line 2 "60,0x10".*value is unreadable/],
    ['timestamp,value\n60,Infinity\n', /line 2.*value is unreadable/],
    ['timestamp,value\n60,-1\n', /line 2 "60,-1".*negative/],
    ['timestamp,value\n60,1\n\n120,1\n60,1\n', /line 5 "60,1".*older.*sort/],
    ['timestamp,value\n60,1\n60,2\n', /line 3 "60,2".*twice/],
    ['timestamp,value\n60,1\n60,\n', /line 3 "60,".*twice/],
    ['timestamp,value\n60,1\n', /one row is too few.*--step/],
    ['timestamp,value\n', /a header and no row.*nothing to read/],
  ])('%j', (text, message) => {
    expect(() => parseCsvHistory(text)).toThrowError(
      expect.objectContaining({ code: 'invalid-csv', message: expect.stringMatching(message) }),
    );
  });

  it('when the file is not there or too large', async () => {
    await expect(readCsvHistory('/nowhere.csv')).rejects.toMatchObject({
      code: 'invalid-argument',
      message: expect.stringMatching(/--csv.*\/nowhere\.csv.*ENOENT/),
    });
    const stdin = Readable.from([Buffer.alloc(100), Buffer.alloc(100)]);
    await expect(readCsvHistory('-', { stdin, maxBytes: 150 })).rejects.toMatchObject({ code: 'too-large' });
  });
});

it('reads standard input where the path is -', async () => {
  const stdin = Readable.from([Buffer.from('timestamp,va'), Buffer.from('lue\n60,1\n120,2\n')]);
  expect(Array.from((await readCsvHistory('-', { stdin })).values)).toEqual([1, 2]);
});
