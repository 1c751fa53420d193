import { describe, expect, it } from 'vitest';
import { calendarOf, read, vevent } from './ical-text.ts';

const berlin = 'TZID=Europe/Berlin';

describe('an iCalendar file', () => {
  it('repeats an event at the same local time on both sides of a change of the clocks', () => {
    const text = calendarOf(
      vevent(
        'UID:a',
        'SUMMARY:Sale',
        `DTSTART;${berlin}:20260324T180000`,
        `DTEND;${berlin}:20260324T200000`,
        'RRULE:FREQ=WEEKLY;COUNT=3',
      ),
    );
    expect(read(text).lines).toEqual([
      '2026-03-24T17:00Z 2026-03-24T19:00Z Sale',
      '2026-03-31T16:00Z 2026-03-31T18:00Z Sale',
      '2026-04-07T16:00Z 2026-04-07T18:00Z Sale',
    ]);
  });

  it('ends a night at the time that the clocks show, however long the night is', () => {
    const text = calendarOf(
      vevent(
        'UID:a',
        'SUMMARY:Batch',
        `DTSTART;${berlin}:20261024T220000`,
        `DTEND;${berlin}:20261025T060000`,
      ),
    );
    expect(read(text).lines).toEqual(['2026-10-24T20:00Z 2026-10-25T05:00Z Batch']);
  });

  it('takes a time that the clocks leap over as it was before the leap, and the first of two', () => {
    const at = (time: string) => [`DTSTART;${berlin}:${time}`, 'DURATION:PT1H'];
    const text = calendarOf(
      vevent('UID:a', 'SUMMARY:gap', ...at('20260329T023000')),
      vevent('UID:b', 'SUMMARY:twice', ...at('20261025T023000')),
    );
    expect(read(text).lines).toEqual([
      '2026-03-29T01:30Z 2026-03-29T02:30Z gap',
      '2026-10-25T00:30Z 2026-10-25T01:30Z twice',
    ]);
  });

  it('begins a whole day at midnight of the calendar’s zone, on days of 23 and 25 hours, too', () => {
    const days = calendarOf(
      'X-WR-TIMEZONE:America/New_York',
      vevent('UID:a', 'SUMMARY:Short', 'DTSTART;VALUE=DATE:20260308', 'DTEND;VALUE=DATE:20260309'),
      vevent('UID:b', 'SUMMARY:Long', 'DTSTART;VALUE=DATE:20261101'),
    );
    expect(read(days).lines).toEqual([
      '2026-03-08T05:00Z 2026-03-09T04:00Z Short',
      '2026-11-01T04:00Z 2026-11-02T05:00Z Long',
    ]);
    expect(read(days, { timeZone: 'Asia/Tokyo' }).lines[0]).toBe('2026-03-07T15:00Z 2026-03-08T15:00Z Short');
  });

  it('reads a yearly rule, its end in UTC, and days that are left out by time or by date', () => {
    const text = calendarOf(
      vevent(
        ...[
          'UID:a',
          'SUMMARY:Black Friday',
          `DTSTART;${berlin}:20201127T000000`,
          `DTEND;${berlin}:20201128T000000`,
        ],
        'RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4FR;UNTIL=20281124T000000Z',
      ),
      vevent(
        ...['UID:b', 'SUMMARY:News', `DTSTART;${berlin}:20260601T090000`, 'DURATION:PT30M'],
        'RRULE:FREQ=DAILY;UNTIL=20260605T070000Z',
        `EXDATE;${berlin}:20260602T090000`,
        'EXDATE;VALUE=DATE:20260604',
      ),
    );
    expect(read(text).lines).toEqual([
      '2026-06-01T07:00Z 2026-06-01T07:30Z News',
      '2026-06-03T07:00Z 2026-06-03T07:30Z News',
      '2026-06-05T07:00Z 2026-06-05T07:30Z News',
      '2026-11-26T23:00Z 2026-11-27T23:00Z Black Friday',
      '2027-11-25T23:00Z 2027-11-26T23:00Z Black Friday',
      '2028-11-23T23:00Z 2028-11-24T23:00Z Black Friday',
    ]);
  });

  it('moves and cancels single occurrences', () => {
    const text = calendarOf(
      vevent(
        'UID:a',
        'SUMMARY:Ad',
        'DTSTART:20260601T180000Z',
        'DTEND:20260601T190000Z',
        'RRULE:FREQ=WEEKLY;COUNT=3',
      ),
      vevent(
        'UID:a',
        'RECURRENCE-ID:20260608T180000Z',
        'SUMMARY:Ad, late',
        'DTSTART:20260609T200000Z',
        'DTEND:20260609T213000Z',
      ),
      vevent(
        'UID:a',
        'RECURRENCE-ID:20260615T180000Z',
        'STATUS:CANCELLED',
        'SUMMARY:Ad',
        'DTSTART:20260615T180000Z',
        'DTEND:20260615T190000Z',
      ),
    );
    expect(read(text).lines).toEqual([
      '2026-06-01T18:00Z 2026-06-01T19:00Z Ad',
      '2026-06-09T20:00Z 2026-06-09T21:30Z Ad, late',
    ]);
  });

  it('uses the clocks that the file describes for a zone of another system', () => {
    const text = calendarOf(
      ...['BEGIN:VTIMEZONE', 'TZID:W. Europe Standard Time'],
      ...['BEGIN:STANDARD', 'DTSTART:16010101T030000', 'TZOFFSETFROM:+0200', 'TZOFFSETTO:+0100'],
      ...['RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10', 'END:STANDARD'],
      ...['BEGIN:DAYLIGHT', 'DTSTART:16010101T020000', 'TZOFFSETFROM:+0100', 'TZOFFSETTO:+0200'],
      ...['RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3', 'END:DAYLIGHT', 'END:VTIMEZONE'],
      vevent(
        'UID:a',
        'SUMMARY:Talk',
        'DTSTART;TZID=W. Europe Standard Time:20260701T120000',
        'DURATION:PT1H',
      ),
      vevent('UID:b', 'SUMMARY:Odd', 'DTSTART;TZID=Nowhere:20260702T120000', 'DURATION:PT1H'),
    );
    const { lines, warnings } = read(text);
    expect(lines).toEqual([
      '2026-07-01T10:00Z 2026-07-01T11:00Z Talk',
      '2026-07-02T12:00Z 2026-07-02T13:00Z Odd',
    ]);
    expect(warnings).toEqual(['time zone "Nowhere" is not known; its times are taken for local ones']);
  });

  it('lets events teach one another by category, by series, or as those of one calendar', () => {
    const when = ['DTSTART:20260601T180000Z', 'DURATION:PT1H'];
    const text = calendarOf(
      vevent('UID:a', 'SUMMARY:Release 7', ...when),
      vevent('UID:b', 'SUMMARY:Newsletter', ...when, 'RRULE:FREQ=MONTHLY;COUNT=1'),
      vevent('UID:c', 'SUMMARY:Spot', 'CATEGORIES:television,ads', ...when),
    );
    const kinds = (kind?: string) =>
      read(text, kind === undefined ? {} : { kind }).events.map((event) => event.kind);
    expect(kinds()).toEqual(['team', 'Newsletter', 'television']);
    expect(kinds('ad')).toEqual(['ad', 'ad', 'ad']);
  });

  it.each([
    ['a day that no month has', 'RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30'],
    ['every second since 1970', 'RRULE:FREQ=SECONDLY'],
    ['every minute of the span', 'RRULE:FREQ=MINUTELY'],
  ])('leaves out only the event whose rule has no end: %s', (_, rule) => {
    const begin = rule.endsWith('MINUTELY') ? '20260601T180000Z' : '19700101T000000Z';
    const text = calendarOf(
      vevent('UID:a', 'SUMMARY:Flood', `DTSTART:${begin}`, 'DURATION:PT1S', rule),
      vevent('UID:b', 'SUMMARY:Good', 'DTSTART:20260601T180000Z', 'DURATION:PT1H'),
    );
    const { lines, warnings } = read(text);
    expect(lines).toEqual(['2026-06-01T18:00Z 2026-06-01T19:00Z Good']);
    expect(warnings).toEqual([expect.stringMatching(/^"Flood" is left out: it(s rule| comes)/)]);
  });

  it('leaves out only what cannot be read', () => {
    const text = calendarOf(
      vevent('UID:a', 'SUMMARY:No beginning'),
      vevent('UID:b', 'SUMMARY:No day', 'DTSTART:2026banana', 'DURATION:PT1H'),
      vevent('UID:c', 'SUMMARY:A moment', 'DTSTART:20260601T180000Z'),
      vevent('UID:d', 'SUMMARY:Good', 'DTSTART:20260601T180000Z', 'DURATION:PT1H'),
      vevent('UID:e', 'nonsense'),
    );
    const { lines, warnings } = read(text);
    expect(lines).toEqual(['2026-06-01T18:00Z 2026-06-01T19:00Z Good']);
    expect(warnings.length).toBe(4);
  });

  it('reads what bytes that are no UTF-8 leave of a name, and says so', () => {
    const bytes = Buffer.from(
      calendarOf(vevent('UID:a', 'SUMMARY:F\u00FC', 'DTSTART:20260601T180000Z', 'DURATION:PT1H')),
      'latin1',
    );
    const { lines, warnings } = read(bytes.toString('utf8'));
    expect(lines).toEqual(['2026-06-01T18:00Z 2026-06-01T19:00Z F\uFFFD']);
    expect(warnings).toEqual([expect.stringContaining('not UTF-8')]);
  });

  it.each([
    ['<html>', 'no iCalendar file'],
    ['', 'no iCalendar file'],
    [calendarOf(vevent('UID:a', 'SUMMARY:A')).slice(0, -30), 'cut off'],
  ])('refuses a text that is no whole calendar: %j', (text, why) => {
    expect(() => read(text)).toThrow(why);
  });

  it('refuses a calendar of too many events, because each takes memory of every model that has it', () => {
    const rule = (uid: string) =>
      vevent(`UID:${uid}`, `SUMMARY:${uid}`, 'DTSTART:20260101T180000Z', 'DURATION:PT1H', 'RRULE:FREQ=DAILY');
    expect(() => read(calendarOf(rule('a'), rule('b')))).toThrow('2192 events in the years that are read');
  });

  it('reads ten megabytes of the past and one event of now', () => {
    const old = Array.from({ length: 60_000 }, (_, i) =>
      vevent(
        `UID:${i}`,
        `SUMMARY:Old event ${i} ${'x'.repeat(40)}`,
        'DTSTART:20190601T180000Z',
        'DURATION:PT1H',
      ),
    );
    const text = calendarOf(
      ...old,
      vevent('UID:b', 'SUMMARY:Good', 'DTSTART:20260601T180000Z', 'DURATION:PT1H'),
    );
    expect(text.length).toBeGreaterThan(10_000_000);
    expect(read(text).lines).toEqual(['2026-06-01T18:00Z 2026-06-01T19:00Z Good']);
  });
});
