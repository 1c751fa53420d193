import { describe, expect, it } from 'vitest';
import {
  eventsBetween,
  nextEventRows,
  shownEventWords,
} from '../../../../src/api/page/workload/event-words.js';

/** Noon of a day by this machine's clock. */
const noon = new Date(2026, 0, 6, 12).getTime() / 1000;
const midnight = noon - 12 * 3600;
const event = (name: string, from: number, to: number, more: object = {}) => ({
  ...{ name, from, to, effect: 'learned', kind: name, rampSeconds: 0, occurrences: 0, expectedRatio: 1 },
  ...more,
});

describe('events of calendars in words', () => {
  it('have days where they are whole days, and times where they are not', () => {
    const all = [
      event('Day', midnight, midnight + 86_400),
      event('Days', midnight, midnight + 3 * 86_400),
      event('Hours', noon, noon + 5_400),
    ];
    expect(nextEventRows(all, noon).map(({ when }: { when: string }) => when)).toEqual([
      'Tue, Jan 6',
      'Tue, Jan 6 to Thu, Jan 8',
      'Tue, Jan 6 12:00 for 1h 30m',
    ]);
  });

  it('say what is expected, and from what it is known', () => {
    const of = (more: object) => nextEventRows([event('A', noon, noon + 60, more)], noon)[0]?.expected;
    expect(of({ expectedRatio: 0.7241, occurrences: 3 })).toBe('0.724 × an ordinary day, learned from 3');
    expect(of({})).toBe('as an ordinary day, until there was one to learn from');
    const given = { effect: 'given', expectedRatio: 2.5 };
    expect(of({ ...given, occurrences: undefined })).toBe('2.5 × an ordinary day, as given');
    expect(of({ ...given, occurrences: 4 })).toBe('2.5 × an ordinary day, measured on 4');
    expect(of({ effect: 'ignored', expectedRatio: undefined })).toBe('nothing is learned from it');
  });

  it('list those that take place or come next, at most six', () => {
    const all = Array.from({ length: 9 }, (_, index) =>
      event(`${index}`, noon + (index - 2) * 3600, noon + (index - 1) * 3600),
    );
    const rows = nextEventRows(all, noon + 60);
    expect(rows.map(({ name, isNow }: { name: string; isNow: boolean }) => `${name} ${isNow}`)).toEqual([
      '2 true',
      ...[3, 4, 5, 6, 7].map((index) => `${index} false`),
    ]);
  });

  it('name some of what a chart shades, and count the others', () => {
    const all = Array.from({ length: 7 }, (_, index) =>
      event(`E${index}`, noon + index * 60, noon + index * 60 + 60),
    );
    expect(shownEventWords(eventsBetween(all, noon, noon + 7 * 60))).toMatch(
      /^Events shaded: E0, Tue, Jan 6 12:00 for 1m; E1, .*E4, .*; and 2 more\. $/,
    );
    expect(shownEventWords(eventsBetween(all, noon + 420, noon + 500))).toBe('');
  });
});
