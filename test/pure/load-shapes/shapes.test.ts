import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createTraffic,
  createWorkingWeek,
  type LoadShape,
  withFlashSale,
  withGrowth,
  withHolidays,
} from '../../../src/load-shapes/index.ts';

const day = 86_400;
const week = 7 * day;
/** 2026-03-02 00:00Z, a Monday. */
const monday = Date.UTC(2026, 2, 2) / 1000;
const quiet = { peakRequestsPerSecond: 200, seed: 1, noiseRatio: 0 };
const plain = createWorkingWeek(quiet);
const sale = {
  atSeconds: monday + day,
  extraRequestsPerSecond: 300,
  rampSeconds: 60,
  holdSeconds: 600,
  decaySeconds: 900,
};
const times = fc.integer({ min: monday - 8 * week, max: monday + 8 * week });

describe('growth', () => {
  it('is the same share from every week to the next, and none at the moment it is counted from', () => {
    fc.assert(
      fc.property(times, fc.double({ min: -0.5, max: 0.5, noNaN: true }), (t, ratioPerWeek) => {
        const grown = withGrowth(plain, { ratioPerWeek, fromSeconds: monday });
        expect(grown(t + week) / grown(t)).toBeCloseTo(1 + ratioPerWeek, 9);
        expect(withGrowth(plain, { ratioPerWeek, fromSeconds: t })(t)).toBe(plain(t));
      }),
    );
  });

  it('goes by the days it is given, when time is compressed', () => {
    const grown = withGrowth(() => 100, { ratioPerWeek: 0.1, fromSeconds: 0, daySeconds: 10 });
    expect(grown(70)).toBeCloseTo(110, 9);
  });
});

describe('a flash sale', () => {
  const rush = withFlashSale(plain, sale);
  const added = (since: number) => rush(sale.atSeconds + since) - plain(sale.atSeconds + since);

  it('adds nothing before it opens, never less than nothing, and never more than its height', () => {
    fc.assert(
      fc.property(times, (t) => {
        const more = rush(t) - plain(t);
        if (t <= sale.atSeconds) expect(more).toBe(0);
        expect(more).toBeGreaterThanOrEqual(0);
        expect(more).toBeLessThanOrEqual(300 + 1e-9);
      }),
    );
  });

  it('ramps up, holds its height, and dies away by a third each time', () => {
    const ramp = [0, 15, 30, 45, 60].map(added);
    expect(ramp.every((rate, i) => i === 0 || rate > (ramp[i - 1] ?? Infinity))).toBe(true);
    expect(added(30)).toBeCloseTo(150, 6);
    expect(added(60)).toBeCloseTo(300, 6);
    expect(added(660)).toBeCloseTo(300, 6);
    expect(added(660 + 900)).toBeCloseTo(300 / Math.E, 6);
    expect(added(660 + 1800)).toBeCloseTo(300 / Math.E ** 2, 6);
  });

  it('does not jump: a second changes it by less than its ramp allows', () => {
    for (let since = -5; since < 3600; since++) {
      expect(Math.abs(added(since + 1) - added(since))).toBeLessThanOrEqual((1.5 * 300) / 60 + 1e-9);
    }
  });
});

describe('a holiday', () => {
  const sunday = monday + 6 * day;
  /** Half an hour either side of midnight is the change-over. */
  const midday = fc.integer({ min: 1800, max: day - 1800 });

  it('is like the Sunday nearest to it, on whichever weekday it falls', () => {
    const nearest = [-7, -7, -7, 0, 0, 0, 0].map((days) => sunday + days * day);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 6 }), midday, fc.integer(), (weekday, since, seed) => {
        const noisy = createWorkingWeek({ ...quiet, noiseRatio: 0.1, seed });
        const onSeconds = [monday + weekday * day + 12 * 3600];
        const shape = withHolidays(noisy, { onSeconds });
        const like = nearest[weekday] ?? Number.NaN;
        expect(shape(monday + weekday * day + since)).toBe(noisy(like + since));
      }),
    );
  });

  it('leaves every other day as it is', () => {
    const shape = withHolidays(plain, { onSeconds: [monday + 2 * day] });
    fc.assert(
      fc.property(times, (t) => {
        const isNear = t > monday + 2 * day - 1800 && t < monday + 3 * day + 1800;
        fc.pre(!isNear);
        expect(shape(t)).toBe(plain(t));
      }),
    );
  });

  it('makes no jump at its midnights, nor does one after the other', () => {
    const shape = withHolidays(plain, { onSeconds: [monday + 2 * day, monday + 3 * day] });
    let largest = 0;
    for (let t = monday + 1.9 * day; t < monday + 4.1 * day; t += 7)
      largest = Math.max(largest, Math.abs(shape(t + 1) - shape(t)));
    expect(largest).toBeLessThan(0.2);
    expect(shape(monday + 2.5 * day)).toBeLessThan(0.6 * plain(monday + 2.5 * day));
  });

  it('goes by the days it is given, when time is compressed', () => {
    const daySeconds = 240;
    const fast = createWorkingWeek({ ...quiet, daySeconds });
    const shape = withHolidays(fast, { onSeconds: [4 * daySeconds], daySeconds });
    expect(shape(4.5 * daySeconds)).toBe(fast(3.5 * daySeconds));
    expect(shape(5.5 * daySeconds)).toBe(fast(5.5 * daySeconds));
  });
});

describe('traffic', () => {
  it('is what its parts are, one around the other', () => {
    const growth = { ratioPerWeek: 0.05, fromSeconds: monday };
    const holidays = [monday + 2 * day];
    const byHand: LoadShape = withFlashSale(
      withGrowth(withHolidays(plain, { onSeconds: holidays }), growth),
      sale,
    );
    const traffic = createTraffic({ ...quiet, growth, holidays, flashSales: [sale] });
    fc.assert(
      fc.property(times, (t) => {
        expect(traffic(t)).toBe(byHand(t));
      }),
    );
  });

  it('is the working week when nothing else is asked for', () => {
    const traffic = createTraffic({ ...quiet, noiseRatio: 0.1 });
    const bare = createWorkingWeek({ ...quiet, noiseRatio: 0.1 });
    fc.assert(
      fc.property(times, (t) => {
        expect(traffic(t)).toBe(bare(t));
      }),
    );
  });

  it('is finite, never below zero, and the same whenever it is asked, whatever it is made of', () => {
    const options = fc.record({
      peakRequestsPerSecond: fc.double({ min: 0.1, max: 1e5, noNaN: true }),
      weekendRatio: fc.double({ min: 0, max: 2, noNaN: true }),
      noiseRatio: fc.double({ min: 0, max: 0.99, noNaN: true }),
      seed: fc.integer(),
      daySeconds: fc.double({ min: 1, max: day, noNaN: true }),
      growth: fc.record({
        ratioPerWeek: fc.double({ min: -0.2, max: 0.2, noNaN: true }),
        fromSeconds: fc.constant(0),
      }),
      holidays: fc.array(fc.integer({ min: 0, max: 100 })),
      flashSales: fc.array(fc.constant({ ...sale, atSeconds: 50 }), { maxLength: 2 }),
    });
    fc.assert(
      fc.property(options, fc.double({ min: -100, max: 100, noNaN: true }), (made, t) => {
        const rate = createTraffic(made)(t);
        expect(Number.isFinite(rate)).toBe(true);
        expect(rate).toBeGreaterThanOrEqual(0);
        expect(createTraffic(made)(t)).toBe(rate);
      }),
    );
  });

  it.each([
    [() => withGrowth(plain, { ratioPerWeek: -1, fromSeconds: 0 }), /ratioPerWeek must be above -1, not -1/],
    [() => withGrowth(plain, { ratioPerWeek: 0, fromSeconds: Number.NaN }), /fromSeconds .* not NaN/],
    [() => withGrowth(plain, { ratioPerWeek: 0, fromSeconds: 0, daySeconds: 0 }), /daySeconds .* not 0/],
    [() => withFlashSale(plain, { ...sale, atSeconds: Infinity }), /atSeconds .* not Infinity/],
    [() => withFlashSale(plain, { ...sale, extraRequestsPerSecond: -1 }), /extraRequestsPerSecond .* not -1/],
    [() => withFlashSale(plain, { ...sale, holdSeconds: -1 }), /holdSeconds .* not -1/],
    [() => withFlashSale(plain, { ...sale, rampSeconds: 0 }), /rampSeconds must be above 0, not 0/],
    [() => withFlashSale(plain, { ...sale, decaySeconds: 0 }), /decaySeconds must be above 0, not 0/],
    [() => withHolidays(plain, { onSeconds: [Number.NaN] }), /onSeconds must be times, not NaN/],
    [() => withHolidays(plain, { onSeconds: [], daySeconds: -1 }), /daySeconds .* not -1/],
    [() => createTraffic({ ...quiet, weekendRatio: -1 }), /weekendRatio .* not -1/],
  ])('refuses what makes no sense: %s', (make, message) => {
    expect(make).toThrow(message);
  });
});
