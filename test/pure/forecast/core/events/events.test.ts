import { describe, expect, it } from 'vitest';
import type { CalendarEvent, Forecaster } from '../../../../../src/forecast/core/contract.ts';
import { createForecaster } from '../../../../../src/forecast/core/forecaster.ts';
import { noisyWeek, workingWeek } from '../made-series.ts';
import { day, dayEvent, hour, learned, pathOf, ratiosOf, sum } from './day-events.ts';

const likeSunday = { type: 'learned', like: 'sunday' } as const;
/** Mondays, of which unix day 4 is the first. */
const holidays = [32, 39, 53].map((number) => dayEvent(number, likeSunday));
const isHoliday = (t: number) => holidays.some((event) => t > event.startSeconds && t <= event.endSeconds);

/** A working week whose holidays are Sundays. */
function holidayWeek(seed: number) {
  const noisy = noisyWeek(seed, 0.5);
  return (t: number) => (isHoliday(t) ? noisy(t) * (workingWeek(t - day) / workingWeek(t)) : noisy(t));
}

const errorOf = (median: readonly number[], from: number) =>
  sum(median.map((value, i) => Math.abs(value - workingWeek(from + (i + 1) * hour - day))));

describe('events of a calendar', () => {
  it('change no bit of a forecast where there is none, or none is near', () => {
    const far = dayEvent(900, likeSunday);
    const plain = learned(40, noisyWeek(1));
    for (const events of [[], [far]]) {
      const other = learned(40, noisyWeek(1), events);
      expect(other.forecast({ horizonSteps: 60 })).toEqual(plain.forecast({ horizonSteps: 60 }));
      expect(other.peak({ windowSeconds: 2 * hour }).status).toBe('ok');
      expect(other.accuracy()).toEqual(plain.accuracy());
    }
  });

  it('change nothing before the first holiday, and make later ones Sundays as far as those before them were', () => {
    const expected = (number: number) => pathOf(learned(number, holidayWeek(3), holidays)).median;
    expect(expected(32)).toEqual(pathOf(learned(32, noisyWeek(3, 0.5))).median);
    for (const [number, share] of [
      [39, 0.5],
      [53, 0.35],
    ] as const) {
      const ordinary = pathOf(learned(number, noisyWeek(3, 0.5))).median;
      expect(errorOf(expected(number), number * day)).toBeLessThan(share * errorOf(ordinary, number * day));
    }
  });

  it('are told ahead of time with what they are expected to do, far beyond the horizon', () => {
    const given = { ...dayEvent(60, { type: 'given', ratio: 2.5 }), name: 'Sale' };
    const ignored = { ...dayEvent(61, { type: 'ignored' }), name: 'Test' };
    const events = [...holidays, given, ignored];
    const before = learned(31, holidayWeek(3), events);
    expect(before.eventsAhead(40 * day)).toMatchObject([
      { event: holidays[0], ratio: 1, occurrences: 0 },
      { event: holidays[1], ratio: 1, occurrences: 0 },
    ]);
    const saved = learned(45, holidayWeek(3), events);
    const told = saved.eventsAhead(100 * day);
    expect(told.map(({ event }) => event)).toEqual([holidays[2], given, ignored]);
    expect(told.slice(1)).toMatchObject([
      { ratio: 2.5, occurrences: undefined },
      { ratio: undefined, occurrences: undefined },
    ]);
    // A Sunday has 0.4 of a Monday; two of them are believed as far as they agreed.
    const [truth = 0, monday = 1] = [52, 53].map((number) =>
      sum(Array.from({ length: 24 }, (_, i) => workingWeek(number * day + (i + 1) * hour))),
    );
    expect(told[0]?.occurrences).toBe(2);
    expect(told[0]?.ratio).toBeGreaterThan(truth / monday);
    expect(told[0]?.ratio).toBeLessThan(0.5 + 0.5 * (truth / monday));
    expect(learned(54, holidayWeek(3), events).eventsAhead(55 * day)).toEqual([]);
  });

  it('are learned though they came before it was known what is usual', () => {
    const early = [4, 32].map((number) => dayEvent(number, likeSunday));
    const noisy = noisyWeek(3, 0.5);
    const likeEarly = (t: number) =>
      noisy(t) * (t > 4 * day && t <= 5 * day ? workingWeek(t - day) / workingWeek(t) : 1);
    const ordinary = pathOf(learned(32, noisyWeek(3, 0.5))).median;
    const known = pathOf(learned(32, likeEarly, early)).median;
    expect(errorOf(known, 32 * day)).toBeLessThan(0.6 * errorOf(ordinary, 32 * day));
  });

  it('do nothing where events of the kind did nothing', () => {
    const plain = pathOf(learned(53, noisyWeek(3, 0.5)));
    const known = pathOf(learned(53, noisyWeek(3, 0.5), holidays));
    expect(
      Math.max(...ratiosOf(known.median, plain.median).map((ratio) => Math.abs(ratio - 1))),
    ).toBeLessThan(0.1);
    expect(Math.min(...ratiosOf(known.bound, plain.bound))).toBeGreaterThan(0.95);
  });

  it('lower no bound until two events of the kind have shown it', () => {
    const lowered = (number: number) => {
      const forecaster = learned(number, holidayWeek(5), holidays);
      const ordinary = pathOf(learned(number, holidayWeek(5), holidays.slice(0, -1)));
      return sum(pathOf(forecaster).bound) / sum(ordinary.bound);
    };
    const first = pathOf(learned(32, holidayWeek(5), holidays));
    const none = pathOf(learned(32, holidayWeek(5)));
    expect(Math.min(...ratiosOf(first.bound, none.bound))).toBeGreaterThanOrEqual(1);
    expect(lowered(53)).toBeLessThan(0.85);
  });

  it('are not expected again a day or a week later', () => {
    for (const later of [1, 7]) {
      const from = 39 + later;
      const ordinary = pathOf(learned(from, noisyWeek(7, 0.5))).median;
      const after = pathOf(learned(from, holidayWeek(7), holidays)).median;
      const before = pathOf(learned(from, holidayWeek(7))).median;
      const awayOf = (median: readonly number[]) =>
        sum(ratiosOf(median, ordinary).map((ratio) => Math.abs(ratio - 1))) / 24;
      expect(awayOf(after)).toBeLessThan(awayOf(before));
      expect(awayOf(after)).toBeLessThan(0.05);
    }
  });

  it('raise demand halfway to what one event of the kind did, and bounds all the way, where they are like no other day', () => {
    const sales = [30, 44].map((number) => ({
      ...dayEvent(number, { type: 'learned' }, 'sale'),
      startSeconds: number * day + 10 * hour,
      endSeconds: number * day + 14 * hour,
    }));
    const withSale = pathOf(learned(44, timesWithin(sales, 2, 9), sales));
    const without = pathOf(learned(44, timesWithin(sales, 2, 9), sales.slice(0, 1)));
    const ratios = ratiosOf(withSale.median, without.median);
    const bounds = ratiosOf(withSale.bound, without.bound);
    for (const h of [11, 12, 13, 14]) {
      expect(ratios[h - 1]).toBeGreaterThan(1.25);
      expect(bounds[h - 1]).toBeGreaterThan(1.7);
    }
    for (const h of [10, 15]) expect(ratios[h - 1]).toBe(1);
  });

  it('multiply by the ratio that is given, and fade over their ramps', () => {
    const given = { type: 'given', ratio: 3 } as const;
    const event = {
      ...dayEvent(30, given),
      startSeconds: 30 * day + 8 * hour,
      endSeconds: 30 * day + 12 * hour,
      rampSeconds: 2 * hour,
    };
    const plain = pathOf(learned(30, noisyWeek(11)));
    const raised = pathOf(learned(30, noisyWeek(11), [event]));
    const ratios = ratiosOf(raised.median, plain.median);
    expect(ratios[5]).toBe(1);
    expect(ratios[6]).toBeCloseTo(3 ** 0.25, 9);
    expect(ratios[7]).toBeCloseTo(3 ** 0.75, 9);
    for (const i of [8, 9, 10, 11]) expect(ratios[i]).toBeCloseTo(3, 9);
    expect(ratios[14]).toBe(1);
    expect(ratiosOf(raised.bound, plain.bound)[9]).toBeGreaterThan(2.5);
  });

  it('lower bounds by a given ratio that a person gave or two events showed, not by one that one event showed', () => {
    const pathWith = (occurrences: number | undefined) =>
      pathOf(learned(30, noisyWeek(13), [dayEvent(30, { type: 'given', ratio: 0.5, occurrences })]));
    const plain = pathOf(learned(30, noisyWeek(13)));
    expect(pathWith(1).bound).toEqual(plain.bound);
    expect(ratiosOf(pathWith(1).median, plain.median)[11]).toBeCloseTo(0.5, 9);
    for (const occurrences of [undefined, 2])
      expect(ratiosOf(pathWith(occurrences).bound, plain.bound)[11]).toBeLessThan(0.8);
  });

  it('do not depress the days after them where a given effect does not come', () => {
    const event = dayEvent(33, { type: 'given', ratio: 3 });
    const plain = pathOf(learned(34, noisyWeek(15, 0.5)));
    const after = pathOf(learned(34, noisyWeek(15, 0.5), [event]));
    expect(Math.min(...ratiosOf(after.median, plain.median))).toBeGreaterThan(0.9);
  });

  it('let nothing be learned from rows that are to be ignored', () => {
    const event = {
      ...dayEvent(36, { type: 'ignored' }),
      startSeconds: 36 * day + 9 * hour,
      endSeconds: 36 * day + 13 * hour,
    };
    const ordinary = learned(37, noisyWeek(17, 0.5));
    const ignoring = learned(37, timesWithin([event], 2.8, 17), [event]);
    expect(sum(pathOf(ignoring).median) / sum(pathOf(ordinary).median)).toBeCloseTo(1, 1);
    const [peak, ordinaryPeak] = [peakOf(ignoring), peakOf(ordinary)];
    expect(peak.credibleMaximum).toBeLessThan(1.2 * ordinaryPeak.credibleMaximum);
    expect(Math.max(...ratiosOf(peak.bounds, ordinaryPeak.bounds))).toBeLessThan(1.3);
    expect(ignoring.history(event.startSeconds, event.endSeconds).values).toHaveLength(5);
  });

  it('are a part of an explanation, which still adds up', () => {
    const forecaster = learned(53, holidayWeek(19), holidays);
    const explained = forecaster.explain({ horizonSteps: 12, quantile: 0.95 });
    if (explained.status !== 'ok') throw new Error('has learned too little');
    const event = explained.components.find(({ name }) => name === 'event');
    expect(event?.value).toBeLessThan(-10);
    expect(event?.meaning).toMatch(
      /^what the calendar adds: day 53 \(0\.\d+ × an ordinary day, learned from 2\)$/,
    );
    expect(sum(explained.components.map(({ value }) => value))).toBeCloseTo(explained.value, 6);
  });

  it('are refused where they cannot work, by a message that names the event', () => {
    const made = (change: object) => () =>
      createForecaster({ stepSeconds: hour, events: [{ ...dayEvent(3, likeSunday), ...change }] }).observe(
        hour,
        1,
      );
    expect(made({ endSeconds: 0 })).toThrow('event "day 3" must end after it starts');
    expect(made({ rampSeconds: -1 })).toThrow('event "day 3" must have a ramp of at least 0 seconds');
    expect(made({ effect: { type: 'given', ratio: 11 } })).toThrow(
      'event "day 3" must have a ratio from 0.1 to 10',
    );
  });
});

/** A working week whose demand is so many times as high within some events. */
function timesWithin(events: readonly CalendarEvent[], times: number, seed: number) {
  const noisy = noisyWeek(seed, 0.5);
  const isWithin = (t: number) => events.some((event) => t > event.startSeconds && t <= event.endSeconds);
  return (t: number) => (isWithin(t) ? times : 1) * noisy(t);
}

function peakOf(forecaster: Forecaster) {
  const peak = forecaster.peak({ windowSeconds: 2 * hour });
  if (peak.status !== 'ok') throw new Error('has learned too little');
  return peak;
}
