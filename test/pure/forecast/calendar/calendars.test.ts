import { describe, expect, it } from 'vitest';
import { spanAround } from '../../../../src/forecast/calendar/calendar-span.ts';
import { definitionErrors } from '../../../../src/forecast/calendar/definition-errors.ts';
import type { CalendarDefinition } from '../../../../src/forecast/calendar/definitions.ts';
import { matchesWorkload } from '../../../../src/forecast/calendar/matching.ts';
import { readCalendar } from '../../../../src/forecast/calendar/read-calendar.ts';

const now = Date.UTC(2026, 5, 15) / 1000;
const iso = (seconds: number) => new Date(seconds * 1000).toISOString().slice(0, 16);

async function read(definition: Omit<CalendarDefinition, 'name'>, text?: string, from = 'events.yaml') {
  const source = text === undefined ? undefined : { text, from };
  const { events } = await readCalendar({ name: 'one', ...definition }, source, spanAround(now));
  return events;
}

describe('the span of a calendar', () => {
  it('is that of three years, and the same from February to February', () => {
    const span = spanAround(now);
    expect([span.fromSeconds, span.toSeconds].map(iso)).toEqual(['2025-01-01T00:00', '2028-01-01T00:00']);
    expect(spanAround(Date.UTC(2027, 1, 14) / 1000)).toEqual(span);
    expect(spanAround(Date.UTC(2027, 1, 16) / 1000)).not.toEqual(span);
  });
});

describe('public holidays', () => {
  it('are those of a state, at its midnight, like Sundays at first', async () => {
    const holidays = await read({ holidays: { country: 'DE', state: 'BY' } });
    const of = (name: string) => holidays.filter((event) => event.name === name);
    expect(of('Epiphany').map(({ startSeconds }) => iso(startSeconds))).toContain('2026-01-05T23:00');
    expect(of('Easter Monday').map(({ startSeconds }) => iso(startSeconds))).toEqual([
      '2025-04-20T22:00',
      '2026-04-05T22:00',
      '2027-03-28T22:00',
    ]);
    expect(new Set(holidays.map(({ kind }) => kind))).toEqual(new Set(['public-holiday']));
    expect(new Set(holidays.map(({ effect }) => JSON.stringify(effect)))).toEqual(
      new Set(['{"type":"learned","like":"sunday"}']),
    );
    const without = await read({ holidays: { country: 'DE', state: 'BE' } });
    expect(without.some(({ name }) => name === 'Epiphany')).toBe(false);
  });

  it('name what is not known, and what there is', async () => {
    await expect(read({ holidays: { country: 'DE', state: 'XX' } })).rejects.toThrow(
      /"XX" is not known; there are .*BY/,
    );
    await expect(read({ holidays: { country: 'XX' } })).rejects.toThrow(/holidays.country: "XX"/);
  });
});

describe('days of every month', () => {
  it('are the last and the first, from midnight to midnight of the zone', async () => {
    const days = await read({ days: ['month-end', 'first-of-month'], timeZone: 'Europe/Berlin' });
    const march = days.filter(({ startSeconds }) => iso(startSeconds).startsWith('2026-03'));
    expect(march.map((day) => [iso(day.startSeconds), iso(day.endSeconds), day.kind])).toEqual([
      ['2026-03-30T22:00', '2026-03-31T22:00', 'month-end'],
      ['2026-03-31T22:00', '2026-04-01T22:00', 'first-of-month'],
    ]);
    // The first of January 2028 begins in 2027, as UTC has it.
    expect(days.length).toBe(73);
  });
});

describe('a list of events', () => {
  const text = `
events:
  - {name: Ad, from: "2026-06-20T20:00", duration: 30m, ratio: 2.5, ramp: 10m, timeZone: America/New_York}
  - {name: Load test, from: 2026-06-21, ignore: true}
  - {name: Move, from: "2026-06-22 09:00", to: "2026-06-22T10:00+02:00", kind: move}
`;
  it('has times of its own zones, effects and ramps', async () => {
    const events = await read({ timeZone: 'Europe/Berlin', ratio: 3 }, text);
    expect(events.map(({ startSeconds, endSeconds }) => [iso(startSeconds), iso(endSeconds)])).toEqual(
      [
        ['2026-06-21T00:00', '2026-06-21T00:30'],
        ['2026-06-20T22:00', '2026-06-21T22:00'],
        ['2026-06-22T07:00', '2026-06-22T08:00'],
      ].sort(),
    );
    const effects = events.map(({ name, kind, effect, rampSeconds }) => [name, kind, effect, rampSeconds]);
    expect(effects).toEqual([
      ['Load test', 'Load test', { type: 'ignored' }, undefined],
      ['Ad', 'Ad', { type: 'given', ratio: 2.5 }, 600],
      ['Move', 'move', { type: 'given', ratio: 3 }, undefined],
    ]);
  });

  it.each([
    ['- {name: A, from: "2026-06-20", to: "2026-06-19"}', 'must end after it begins'],
    ['- {name: A, from: "2026-02-30"}', 'is no moment'],
    ['- {name: A, from: "2026-06-20", ratio: 2, ignore: true}', 'contradict'],
    ['- {name: A, from: "2026-06-20", ratio: 200}', 'ratio'],
    ['- {name: A, from: "2026-06-20", timeZone: Berlin}', 'not known'],
    ['- {name: A}', 'from is required'],
    ['- nonsense: [', ''],
  ])('is refused with the reason: %s', async (line, why) => {
    await expect(read({}, `events:\n  ${line}`)).rejects.toThrow(why);
  });
});

describe('calendars of a configuration', () => {
  it('tell all their errors at once', () => {
    const errors = definitionErrors([
      { name: 'a', days: ['month-end'], file: '/a.ics' },
      { name: 'a' },
      { name: 'b', url: 'http://x/y', refreshInterval: '1s', timeZone: 'Mars', like: 'sunday', ratio: 2 },
      { name: 'c', events: [{ name: 'E', from: '2026-01-02', to: '2026-01-01' }] },
    ]);
    expect(errors.map(({ message }) => message)).toEqual([
      expect.stringContaining('it has file and days'),
      expect.stringContaining('another calendar of that name'),
      expect.stringContaining('none of them'),
      expect.stringContaining('like and ratio contradict'),
      expect.stringContaining('"Mars" is no time zone'),
      expect.stringContaining('1s is too often'),
      expect.stringContaining('event "E": it must end after it begins'),
    ]);
    expect(definitionErrors([{ name: 'a', holidays: { country: 'DE' } }])).toEqual([]);
  });
});

describe('patterns of workloads', () => {
  it.each([
    ['shop/checkout', 'shop', 'checkout', true],
    ['shop/*', 'shop', 'checkout', true],
    ['*/*', 'shop', 'checkout', true],
    ['sh*p/ch*ck*t', 'shop', 'checkout', true],
    ['shop/*out', 'shop', 'checkout', true],
    ['shop/check', 'shop', 'checkout', false],
    ['shop/*x*', 'shop', 'checkout', false],
    ['s*op/ab*ba', 'shop', 'aba', false],
    ['other/*', 'shop', 'checkout', false],
  ])('%s and %s/%s: %s', (pattern, namespace, name, expected) => {
    expect(matchesWorkload(['none/none', pattern], { namespace, name })).toBe(expected);
  });
});
