import { describe, expect, it } from 'vitest';
import { createLocalAxis } from '../../../../../src/forecast/core/clock/local-axis.ts';
import { createTimeZone } from '../../../../../src/forecast/core/clock/time-zone.ts';
import { createExpertInputs } from '../../../../../src/forecast/core/experts/inputs.ts';
import { createLocalSteps } from '../../../../../src/forecast/core/experts/local-steps.ts';
import { createForecaster, type Forecaster } from '../../../../../src/forecast/core/index.ts';
import { createScratch } from '../../../../../src/forecast/core/memory/scratch.ts';
import { createRandom } from '../../../../../src/load-shapes/index.ts';
import { normal, workingWeek } from '../made-series.ts';

const hour = 3600;
const day = 86_400;
const utc = (iso: string) => Date.parse(iso) / 1000;

/** Demand that follows the clocks of a zone, with the noise of counts. Unix seconds to demand. */
function localWeek(timeZone: string, seed: number, noise: number): (unixSeconds: number) => number {
  const zone = createTimeZone(timeZone);
  const random = createRandom(seed);
  return (t) => {
    const value = workingWeek(t + zone.offsetAt(t));
    return Math.max(0, value + noise * Math.sqrt(value) * normal(random));
  };
}

interface Replay {
  readonly timeZone: string | undefined;
  readonly follows: string;
  readonly from: number;
  readonly stepSeconds: number;
  readonly seed?: number;
}

/** A forecaster that has seen all until `to`, and the truth from there on. */
function learnedUntil(to: number, { timeZone, follows, from, stepSeconds, seed = 1 }: Replay) {
  const forecaster = createForecaster({ stepSeconds, timeZone });
  const value = localWeek(follows, seed, 0.5);
  const proceed = (until: number) => {
    const begin = Math.max(from, forecaster.newestSeconds);
    for (let t = begin + stepSeconds; t <= until; t += stepSeconds) forecaster.observe(t, value(t));
  };
  proceed(to);
  return { forecaster, proceed };
}

function median(forecaster: Forecaster, horizonSteps: number): Float64Array {
  const result = forecaster.forecast({ horizonSteps });
  if (result.status !== 'ok') throw new Error(`still learning: ${result.reasons[0]?.message}`);
  return result.median;
}

/** Times to be forecast, `to` excluded, in unix seconds, and how far ahead of each of them its forecast is made. */
interface Hours {
  readonly from: number;
  readonly to: number;
  readonly horizonSeconds: number;
}

/**
 * WAPE (the sum of the absolute errors over the sum of demand) of the forecasts for each of `spans`.
 * One forecaster goes through the history once and is asked at the origins of all spans, in the order of time.
 */
function wapesOf(spans: readonly Hours[], replay: Replay): number[] {
  const zone = createTimeZone(replay.follows);
  const step = Math.max(replay.stepSeconds, 1800);
  const questions = spans.flatMap(({ from, to, horizonSeconds }, span) =>
    Array.from({ length: (to - from) / step }, (_, i) => {
      const at = from + i * step;
      return { span, at, origin: at - horizonSeconds, horizonSteps: horizonSeconds / replay.stepSeconds };
    }),
  );
  questions.sort((a, b) => a.origin - b.origin);
  const { forecaster, proceed } = learnedUntil(replay.from, replay);
  const sums = spans.map(() => ({ error: 0, demand: 0 }));
  for (const { span, at, origin, horizonSteps } of questions) {
    proceed(origin);
    const sum = sums[span];
    if (sum === undefined) continue;
    const truth = workingWeek(at + zone.offsetAt(at));
    sum.error += Math.abs((median(forecaster, horizonSteps).at(-1) ?? Number.NaN) - truth);
    sum.demand += truth;
  }
  return sums.map(({ error, demand }) => error / demand);
}

/** Sundays of 2026 on which clocks are changed, and the Monday and the Monday a week before, from midnight. */
const changes = [
  { season: 'spring', change: utc('2026-03-29T01:00:00Z'), monday: utc('2026-03-29T22:00:00Z') },
  { season: 'autumn', change: utc('2026-10-25T01:00:00Z'), monday: utc('2026-10-25T23:00:00Z') },
];

describe.each(changes)('when clocks are changed in $season', ({ season, change, monday }) => {
  const leap = season === 'spring' ? hour : -hour;
  const weekBefore = monday - 7 * day + leap;
  const from = change - 28 * day - (change % day);

  // Measured: 2–4 % on either Monday, 8–17 % in UTC.
  it.each([300, hour])('the Monday after it is forecast like any other, at steps of %d s', (stepSeconds) => {
    const berlin = { timeZone: 'Europe/Berlin', follows: 'Europe/Berlin', from, stepSeconds };
    const horizons = [hour, 12 * hour];
    const workingHours = (midnight: number) =>
      horizons.map((horizonSeconds) => ({
        from: midnight + 5 * hour,
        to: midnight + 21 * hour,
        horizonSeconds,
      }));
    const local = wapesOf([...workingHours(weekBefore), ...workingHours(monday)], berlin);
    const inUtc = wapesOf(workingHours(monday), { ...berlin, timeZone: undefined });
    for (const [index, horizon] of horizons.entries()) {
      const [ordinary = Number.NaN, changed] = [local[index], local[index + horizons.length]];
      expect(changed, `${horizon} s ahead`).toBeLessThan(1.3 * ordinary);
      expect(changed, `${horizon} s ahead`).toBeLessThan(0.5 * (inUtc[index] ?? Number.NaN));
    }
  });

  it.each([300, hour])(
    'the evenings before foresee the day of the change, at steps of %d s',
    (stepSeconds) => {
      const zone = createTimeZone('Europe/Berlin');
      /** WAPE of the last day of each path: paths from `origin` on, so many `days` long. Origins are in the order of time. */
      const errorsOf = (timeZone: string | undefined, paths: readonly { origin: number; days: number }[]) => {
        const replay = { timeZone, follows: 'Europe/Berlin', from, stepSeconds };
        const { forecaster, proceed } = learnedUntil(from, replay);
        return paths.map(({ origin, days }) => {
          proceed(origin);
          const path = median(forecaster, (days * day) / stepSeconds);
          let error = 0;
          let sum = 0;
          path.slice(-day / stepSeconds).forEach((value, h) => {
            const at = origin + (days - 1) * day + (h + 1) * stepSeconds;
            const truth = workingWeek(at + zone.offsetAt(at));
            error += Math.abs(value - truth);
            sum += truth;
          });
          return error / sum;
        });
      };
      const evening = change - 6 * hour;
      const weekEarlier = { origin: evening - 7 * day, days: 1 };
      const friday = { origin: evening - day, days: 2 };
      const saturday = { origin: evening, days: 1 };
      // Measured: 3–4 % on either Sunday, 9–12 % in UTC; from Friday, farther than is calibrated, 4 and 8–12 %.
      const [ordinary = Number.NaN, fromFriday, changed] = errorsOf('Europe/Berlin', [
        weekEarlier,
        friday,
        saturday,
      ]);
      const [fromFridayInUtc = Number.NaN, inUtc = Number.NaN] = errorsOf(undefined, [friday, saturday]);
      expect(changed).toBeLessThan(1.3 * ordinary);
      expect(changed).toBeLessThan(0.5 * inUtc);
      expect(fromFriday).toBeLessThan(0.6 * fromFridayInUtc);
    },
  );

  it('never forecasts anything but finite demand, whenever learning began', () => {
    for (const daysBefore of [0.001, 0.04, 1, 2.02, 3]) {
      const forecaster = createForecaster({ stepSeconds: 300, timeZone: 'Europe/Berlin' });
      const value = localWeek('Europe/Berlin', 5, 0.5);
      const begin = Math.round((change - daysBefore * day) / 300) * 300;
      for (let t = begin; t <= change + 2.2 * day; t += 300) {
        forecaster.observe(t, value(t));
        // Every path is a day and an hour long, so that one in three meets each hour around the change many times over.
        if (Math.abs(t - change) > 2 * hour && t % 900 !== 0) continue;
        const result = forecaster.forecast({ horizonSteps: 300 });
        if (result.status !== 'ok') continue;
        expect(result.median.every((y) => y >= 0 && y < 200)).toBe(true);
        const peak = forecaster.peak({ windowSeconds: 900, quantiles: [0.9] });
        if (peak.status === 'ok') expect(peak.quantiles['0.9']).toBeLessThan(400);
      }
      expect(forecaster.forecast({ horizonSteps: 1 }).status).toBe('ok');
    }
  });
});

describe('the zone of a forecaster', () => {
  const from = utc('2026-02-10T00:00:00Z');
  const learn = (timeZone: string | undefined, follows: string, days: number) =>
    learnedUntil(from + days * day, { timeZone, follows, from, stepSeconds: 300 }).forecaster;

  it('changes nothing where clocks are never changed: days are as long as in UTC', () => {
    const inUtc = median(learn(undefined, 'UTC', 8), 400);
    for (const timeZone of ['UTC', 'Etc/UTC', 'Asia/Kolkata', 'America/Phoenix'])
      expect(median(learn(timeZone, 'UTC', 8), 400)).toEqual(inUtc);
  });

  it('changes nothing while no change of clocks is near', () => {
    const inUtc = median(learn(undefined, 'Europe/Berlin', 8), 288);
    expect(median(learn('Europe/Berlin', 'Europe/Berlin', 8), 288)).toEqual(inUtc);
  });

  it('may change its clocks by half an hour, as on Lord Howe Island', () => {
    const change = utc('2026-04-04T15:00:00Z');
    const monday = utc('2026-04-05T13:30:00Z');
    const replay = { follows: 'Australia/Lord_Howe', from: change - 28 * day, stepSeconds: 300 };
    const morning = [{ from: monday + 5 * hour, to: monday + 12 * hour, horizonSeconds: hour }];
    const [local] = wapesOf(morning, { ...replay, timeZone: 'Australia/Lord_Howe' });
    const [inUtc = Number.NaN] = wapesOf(morning, { ...replay, timeZone: undefined });
    expect(local).toBeLessThan(0.05);
    expect(local).toBeLessThan(0.7 * inUtc);
  });

  it('is named where nobody knows it', () => {
    expect(() => createForecaster({ stepSeconds: 300, timeZone: 'Europe/Atlantis' })).toThrow(
      /Europe\/Atlantis/,
    );
  });
});

describe('the inputs of the experts', () => {
  const stepsOfDay = 24;
  const zone = createTimeZone('Europe/Berlin');
  const axis = createLocalAxis(zone, hour);

  /** A week that ends with the hour of a grid time, each hour's value its number by the clocks. */
  function inputsUntil(gridTime: number) {
    const scratch = createScratch();
    const inputs = createExpertInputs({
      shortSeasonSteps: stepsOfDay,
      longSeasonSteps: 0,
      horizonSteps: 24,
      settleSteps: 0,
      rememberedSteps: 200,
      scratch,
    });
    const localSteps = createLocalSteps(axis, { gridSeconds: hour, horizonSteps: 24 }, inputs);
    const pass = () => inputs.settle();
    for (let t = gridTime - 7 * day; t <= gridTime; t += hour) {
      const value = clockHour(t);
      localSteps.follow(t, value, pass);
      inputs.push(value, true);
      pass();
    }
    const { sqrt } = inputs.context;
    return [...sqrt.values.subarray(sqrt.start, sqrt.end)].map((root) => Math.round(root * root));
  }
  /** 1 … 24: the hour that ends at a grid time, by the clocks. */
  const clockHour = (t: number) => Math.floor(((t - 1 + zone.offsetAt(t - 1)) % day) / hour) + 1;
  const days = (count: number) => Array.from({ length: count }, (_, i) => (i % stepsOfDay) + 1);

  it('have an hour more than there was in spring, made of the day before', () => {
    const midnight = utc('2026-03-29T22:00:00Z');
    expect(inputsUntil(midnight).slice(-48)).toEqual(days(48));
  });

  it('have the hour that is shown twice in autumn once', () => {
    const midnight = utc('2026-10-25T23:00:00Z');
    expect(inputsUntil(midnight).slice(-48)).toEqual(days(48));
  });
});
