import { describe, expect, it } from 'vitest';
import { lastTimeOfDay } from '../../../src/cli/actions/server/local-time.ts';
import { momentOrTimeOfDay } from '../../../src/cli/time-of-day.ts';

const seconds = (iso: string) => Date.parse(iso) / 1000;
const last = (clock: string, zone: string, now: string) => {
  const parsed = momentOrTimeOfDay.parse(clock);
  if (parsed === undefined || typeof parsed === 'number') throw new Error(`${clock} is no time of day`);
  return new Date(lastTimeOfDay(parsed, zone, seconds(now)) * 1000).toISOString();
};

describe('a time of day', () => {
  it.each([
    ['02:40', 'UTC', '2026-01-05T08:00:00Z', '2026-01-05T02:40:00.000Z'],
    ['02:40', 'UTC', '2026-01-05T02:40:00Z', '2026-01-05T02:40:00.000Z'],
    ['02:40', 'UTC', '2026-01-05T02:39:59Z', '2026-01-04T02:40:00.000Z'],
    ['2:40:30', 'Europe/Berlin', '2026-01-05T08:00:00Z', '2026-01-05T01:40:30.000Z'],
    ['23:00', 'America/New_York', '2026-01-05T08:00:00Z', '2026-01-05T04:00:00.000Z'],
    ['12:00', 'Asia/Kathmandu', '2026-01-05T08:00:00Z', '2026-01-05T06:15:00.000Z'],
    // Clocks went forward at 01:00 UTC, and back at 01:00 UTC.
    ['01:30', 'Europe/Berlin', '2026-03-29T08:00:00Z', '2026-03-29T00:30:00.000Z'],
    ['01:30', 'Europe/Berlin', '2026-10-25T08:00:00Z', '2026-10-24T23:30:00.000Z'],
  ])('%s in %s, asked at %s, was last at %s', (clock, zone, now, expected) => {
    expect(last(clock, zone, now)).toBe(expected);
  });

  it('is told from a moment, and from anything else', () => {
    expect(momentOrTimeOfDay.parse('2026-01-05T02:40Z')).toBe(seconds('2026-01-05T02:40Z'));
    expect(momentOrTimeOfDay.parse('1767603600')).toBe(1_767_603_600);
    for (const text of ['24:00', '12:60', '1', 'noon', '02.40', '']) {
      expect(typeof momentOrTimeOfDay.parse(text)).not.toBe('object');
    }
  });
});
