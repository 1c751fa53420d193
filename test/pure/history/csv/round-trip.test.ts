import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseCsvHistory } from '../../../../src/history/csv.ts';
import { ForescaleError } from '../../../../src/platform/errors.ts';

/** Rows of whole cents, of which one at least shows which mark is the decimal one. */
const rows = fc
  .uniqueArray(fc.tuple(fc.integer({ min: 5_000_000, max: 30_000_000 }), fc.integer({ min: 0, max: 1e9 })), {
    minLength: 2,
    maxLength: 50,
    selector: ([minute]) => minute,
  })
  .map((pairs) =>
    pairs
      .toSorted(([a], [b]) => a - b)
      .map(([minute, cents]) => ({ unixSeconds: minute * 60, value: cents / 100 })),
  );

const quoted = (field: string, delimiter: string) =>
  field.includes(delimiter) || field.includes('"') ? `"${field.replaceAll('"', '""')}"` : field;

const iso = (unixSeconds: number) => new Date(unixSeconds * 1000).toISOString();
const german = (unixSeconds: number) => {
  const [date = '', time = ''] = iso(unixSeconds).split('T');
  return `${date.split('-').toReversed().join('.')} ${time.slice(0, 8)}`;
};
const grouped = (value: number, locale: string) => value.toLocaleString(locale, { minimumFractionDigits: 2 });

const layout = fc.record({
  delimiter: fc.constantFrom(',', ';', '\t', '|'),
  lineEnd: fc.constantFrom('\n', '\r\n'),
  mark: fc.constantFrom('', '\uFEFF'),
  time: fc.constantFrom(
    String,
    (t: number) => String(t * 1000),
    iso,
    german,
    (t: number) => new Date(t * 1000).toUTCString(),
  ),
  value: fc.constantFrom(
    (value: number) => value.toFixed(2),
    (value: number) => grouped(value, 'en'),
    (value: number) => grouped(value, 'de'),
    (value: number) => grouped(value, 'de-CH'),
    (value: number) => `${grouped(value, 'en')} req/s`,
  ),
  name: fc.string({ minLength: 1, maxLength: 12 }).map((name) => `v${name.replaceAll(/\s/g, ' ')}v`),
});

it('reads the rows that were written, in whatever layout', () => {
  fc.assert(
    fc.property(rows, layout, (written, { delimiter, lineEnd, mark, time, value, name }) => {
      const lines = [['Time', name], ...written.map((row) => [time(row.unixSeconds), value(row.value)])];
      const text = lines.map((fields) => fields.map((field) => quoted(field, delimiter)).join(delimiter));
      const { timestamps, values } = parseCsvHistory(`${mark}${text.join(lineEnd)}${lineEnd}`);
      expect(Array.from(timestamps, (unixSeconds, index) => ({ unixSeconds, value: values[index] }))).toEqual(
        written,
      );
    }),
    { numRuns: 500 },
  );
});

it('reads any text, or refuses it with a code', () => {
  const piece = fc.constantFrom(
    ',',
    ';',
    '\t',
    '"',
    '\n',
    '\r\n',
    'time',
    'value',
    '60',
    '120',
    '1,5',
    '1.5',
    ' ',
    'k',
    '#',
    'sep=;',
    '{',
    'null',
    '01/02/2026',
  );
  const text = fc.oneof(
    fc.string(),
    fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join('')),
  );
  fc.assert(
    fc.property(text, (given) => {
      try {
        const { timestamps, values } = parseCsvHistory(given);
        expect(values.every((value) => Number.isFinite(value) && value >= 0)).toBe(true);
        expect(timestamps.every((t, index) => index === 0 || t > (timestamps[index - 1] ?? t))).toBe(true);
      } catch (error) {
        if (!(error instanceof ForescaleError)) throw error;
        expect(error.code).toBe('invalid-csv');
      }
    }),
    { numRuns: 2000 },
  );
});
