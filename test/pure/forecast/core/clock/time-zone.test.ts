import { describe, expect, it } from 'vitest';
import { createLocalAxis } from '../../../../../src/forecast/core/clock/local-axis.ts';
import { createTimeZone } from '../../../../../src/forecast/core/clock/time-zone.ts';

const utc = (text: string) => Date.parse(text) / 1000;
const hour = 3600;

describe('a time zone', () => {
  it.each([
    ['Europe/Berlin', '2026-03-29T01:00:00Z', hour, 2 * hour],
    ['Europe/Berlin', '2026-10-25T01:00:00Z', 2 * hour, hour],
    ['America/New_York', '2026-03-08T07:00:00Z', -5 * hour, -4 * hour],
    ['America/New_York', '2026-11-01T06:00:00Z', -4 * hour, -5 * hour],
    ['Australia/Lord_Howe', '2026-04-04T15:00:00Z', 11 * hour, 10.5 * hour],
    ['Australia/Lord_Howe', '2026-10-03T15:30:00Z', 10.5 * hour, 11 * hour],
    // Clocks go back for Ramadan, and forward again a month later.
    ['Africa/Casablanca', '2024-03-10T02:00:00Z', hour, 0],
    ['Africa/Casablanca', '2024-04-14T02:00:00Z', 0, hour],
    // A Friday that was not: from the east to the west of the date line.
    ['Pacific/Apia', '2011-12-30T10:00:00Z', -10 * hour, 14 * hour],
  ])('%s changes its clocks at %s', (name, at, before, after) => {
    const change = utc(at);
    const zone = createTimeZone(name);
    expect([zone.offsetAt(change - 1), zone.offsetAt(change)]).toEqual([before, after]);
    expect(zone.changeAfter(change - 20 * 86_400, change + 1)).toEqual({
      atSeconds: change,
      leapSeconds: after - before,
    });
    expect(zone.changeAfter(change - 1, change)?.atSeconds).toBe(change);
    expect(zone.changeAfter(change, change + 86_400)).toBeUndefined();
  });

  it('says the same whether times rise, fall or leap', () => {
    const times = Array.from({ length: 1500 }, (_, i) => utc('2024-01-01T00:00:00Z') + i * 17 * hour);
    const asked = (order: readonly number[]) => {
      const zone = createTimeZone('Europe/Berlin');
      return new Map(order.map((t) => [t, zone.offsetAt(t)]));
    };
    const rising = asked(times);
    // Opening a zone is slow; every third time, 51 hours after the one before, comes near each change of clocks.
    for (const t of times.filter((_, i) => i % 3 === 0))
      expect(rising.get(t)).toBe(createTimeZone('Europe/Berlin').offsetAt(t));
    const falling = asked(times.toReversed());
    const leaping = asked(times.map((_, i) => times[(i * 641) % times.length] ?? 0));
    for (const t of times) expect([falling.get(t), leaping.get(t)]).toEqual([rising.get(t), rising.get(t)]);
    expect(new Set(rising.values())).toEqual(new Set([hour, 2 * hour]));
  });

  it('does not ask the runtime for every row', () => {
    const zone = createTimeZone('Europe/Berlin');
    const original = Intl.DateTimeFormat.prototype.formatToParts;
    let calls = 0;
    Intl.DateTimeFormat.prototype.formatToParts = function (...of) {
      calls++;
      return original.apply(this, of);
    };
    try {
      for (let t = utc('2026-03-01T00:00:00Z'); t < utc('2026-04-01T00:00:00Z'); t += 60) zone.offsetAt(t);
    } finally {
      Intl.DateTimeFormat.prototype.formatToParts = original;
    }
    expect(calls).toBeGreaterThan(30);
    expect(calls).toBeLessThan(60);
  });

  it('has no changes where there are none', () => {
    for (const [name, offset] of [
      ['Asia/Kolkata', 5.5 * hour],
      ['UTC', 0],
    ] as const) {
      const zone = createTimeZone(name);
      expect(zone.offsetAt(utc('2026-07-01T00:00:00Z'))).toBe(offset);
      expect(zone.changeAfter(utc('2026-01-01T00:00:00Z'), utc('2027-01-01T00:00:00Z'))).toBeUndefined();
    }
  });

  it('refuses a zone nobody knows, by its name', () => {
    expect(() => createTimeZone('Europe/Atlantis')).toThrow(RangeError);
    expect(() => createTimeZone('Europe/Atlantis')).toThrow(/Europe\/Atlantis/);
  });
});

const spring = utc('2026-03-29T01:00:00Z');
const autumn = utc('2026-10-25T01:00:00Z');

describe.each([300, hour])('the local axis of Berlin at steps of %i s', (grid) => {
  const leap = hour / grid;
  const stepsPerDay = (24 * hour) / grid;
  const axis = () => createLocalAxis(createTimeZone('Europe/Berlin'), grid);
  const timesAround = (change: number) =>
    Array.from({ length: 2 * stepsPerDay }, (_, i) => change + (i - stepsPerDay) * grid);

  it('gives nine in the morning the same step of the day all year', () => {
    const local = axis();
    // The value that closes at nine ends the step before it.
    for (const at of [
      '2026-03-28T08:00:00Z',
      '2026-03-29T07:00:00Z',
      '2026-10-24T07:00:00Z',
      '2026-10-25T08:00:00Z',
    ])
      expect(local.stepAt(utc(at)) % stepsPerDay).toBe((9 * hour) / grid);
  });

  it.each([
    ['spring', spring, leap],
    ['autumn', autumn, -leap],
  ])('leaps once in %s, before the first value by the new clock', (_, change, expected) => {
    const local = axis();
    const leaps = timesAround(change)
      .map((t) => [t, local.leapBefore(t)] as const)
      .filter(([, steps]) => steps !== 0);
    expect(leaps).toEqual([[change + grid, expected]]);
    for (const t of timesAround(change))
      expect(local.stepAt(t)).toBe(local.stepAt(t - grid) + 1 + local.leapBefore(t));
  });

  it.each([
    ['spring', spring],
    ['autumn', autumn],
  ])('reads a forecast across %s where its time will be', (_, change) => {
    const local = axis();
    const ahead = new Int32Array(stepsPerDay);
    for (const origin of timesAround(change)) {
      local.stepsAhead(origin, ahead);
      for (const h of [1, 2, leap, leap + 1, stepsPerDay / 2, stepsPerDay])
        expect(ahead[h - 1], `${h} steps from ${origin}`).toBe(
          local.stepAt(origin + h * grid) - local.stepAt(origin),
        );
    }
  });
});

describe('the local axis', () => {
  it('keeps a window that is a day long whole days long over a year', () => {
    const axis = createLocalAxis(createTimeZone('America/New_York'), 300);
    const window: number[] = [];
    for (let t = utc('2026-01-01T00:00:00Z'); t <= utc('2027-01-01T00:00:00Z'); t += 300) {
      const leap = axis.leapBefore(t);
      for (let i = 0; i < leap; i++) window.push(Number.NaN);
      if (leap < 0) window.length += leap;
      window.push(axis.stepAt(t));
    }
    const first = window[0] ?? 0;
    expect(window.length).toBe(365 * 288 + 1);
    expect(window.filter((step, i) => !Number.isNaN(step) && step !== first + i)).toEqual([]);
    expect(window.filter(Number.isNaN)).toHaveLength(12);
  });

  it('rounds half an hour to whole steps, alike in spring and in autumn', () => {
    const zone = createTimeZone('Australia/Lord_Howe');
    const year = (grid: number) => {
      const axis = createLocalAxis(zone, grid);
      const leaps: number[] = [];
      for (let t = utc('2026-01-01T00:00:00Z'); t < utc('2027-01-01T00:00:00Z'); t += grid) {
        const leap = axis.leapBefore(t);
        if (leap !== 0) leaps.push(leap);
      }
      return leaps;
    };
    expect(year(300)).toEqual([-6, 6]);
    expect(year(1200)).toEqual([-1, 1]);
    // By the hour, half an hour is none.
    expect(year(hour)).toEqual([]);
  });

  it('is that of the clock everywhere without changes', () => {
    const axis = createLocalAxis(createTimeZone('UTC'), 300);
    const ahead = new Int32Array(3);
    axis.stepsAhead(600, ahead);
    expect([...ahead]).toEqual([1, 2, 3]);
    expect([axis.stepAt(600), axis.leapBefore(600)]).toEqual([2, 0]);
  });
});
