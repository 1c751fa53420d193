import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CalendarEvent,
  createForecaster,
  type ExplainResult,
  type Explanation,
  type ForecastComponent,
  type Forecaster,
  type ForecasterOptions,
} from '../../../../../src/forecast/core/index.ts';
import { createRandom } from '../../../../../src/load-shapes/index.ts';
import { noisyWeek, normal, workingWeek } from '../made-series.ts';

const daySeconds = 86_400;
/** Monday 2026-01-05T00:00Z. */
const monday = 1_767_571_200;

/** A forecaster that has seen the demand of so many seconds from `monday`. */
function taught(
  seconds: number,
  demandAt: (unixSeconds: number) => number,
  options: ForecasterOptions = { stepSeconds: 300 },
): Forecaster {
  const forecaster = createForecaster(options);
  for (let t = monday; t < monday + seconds; t += options.stepSeconds) forecaster.observe(t, demandAt(t));
  return forecaster;
}

function explained(result: ExplainResult): Explanation {
  if (result.status === 'learning') throw new Error(`learning: ${result.reasons[0]?.message}`);
  return result;
}

function partsOf({ components }: Explanation) {
  return Object.fromEntries(components.map(({ name, value }) => [name, value])) as Record<
    ForecastComponent['name'],
    number
  >;
}

function meaningOf({ components }: Explanation, part: ForecastComponent['name']): string {
  return components.find(({ name }) => name === part)?.meaning ?? '';
}

function randomWalk(seed: number): () => number {
  const random = createRandom(seed);
  let value = 100;
  return () => {
    value = Math.max(0, value + normal(random));
    return value;
  };
}

const noise = createRandom(5);
const series = {
  'a working week': taught(16 * daySeconds, noisyWeek(1)),
  'a random walk': taught(4 * daySeconds, randomWalk(2)),
  'a trickle of requests': taught(9 * daySeconds, () => (noise() < 0.02 ? 1 : 0)),
  'nothing at all': taught(4 * daySeconds, () => 0),
  'hours in millions': taught(30 * daySeconds, (t) => 1e7 * workingWeek(t), { stepSeconds: 3600 }),
  'a day of four minutes': taught(
    4000,
    (t) => 60 + 40 * Math.sin((2 * Math.PI * t) / 240) + 10 * Math.sin((2 * Math.PI * t) / 1680),
    { stepSeconds: 1, seasonsSeconds: [240, 1680] },
  ),
  'a week that no number of days fills': taught(9 * daySeconds, (t) => workingWeek(t), {
    stepSeconds: 600,
    seasonsSeconds: [daySeconds, 3.5 * daySeconds],
  }),
};

describe('the parts of a forecast', () => {
  it.each(Object.entries(series))(
    'add up to what is served, for every moment and window of %s',
    (_, model) => {
      const quantile = fc.constantFrom(0.5, 0.77, 0.9, 0.99, 0.999);
      const addUp = (explanation: Explanation, served: number) => {
        const sum = explanation.components.reduce((total, { value }) => total + value, 0);
        const scale = explanation.components.reduce((total, { value }) => total + Math.abs(value), 0);
        expect(explanation.value).toBe(served);
        expect(Math.abs(sum - served)).toBeLessThanOrEqual(1e-12 * scale);
      };
      fc.assert(
        fc.property(fc.integer({ min: 1, max: 700 }), quantile, (horizonSteps, q) => {
          const forecast = model.forecast({ horizonSteps, quantiles: [0.5, 0.9, 0.95, 0.99, q] });
          if (forecast.status !== 'ok') throw new Error('no forecast');
          const served = forecast.quantiles[String(q)]?.[horizonSteps - 1] ?? Number.NaN;
          addUp(explained(model.explain({ horizonSteps, quantile: q })), served);
        }),
        { numRuns: 12, seed: 1 },
      );
      fc.assert(
        fc.property(fc.integer({ min: 1, max: 20 }), quantile, (rows, q) => {
          const windowSeconds = rows * model.stepSeconds;
          const peak = model.peak({ windowSeconds, quantiles: [0.5, q] });
          if (peak.status !== 'ok') throw new Error('no peak');
          addUp(
            explained(model.explain({ windowSeconds, quantile: q })),
            peak.quantiles[String(q)] ?? Number.NaN,
          );
        }),
        { numRuns: 12, seed: 2 },
      );
    },
  );

  it('come in the same order, and what is left between them is the median', () => {
    const explanation = explained(series['a working week'].explain({ horizonSteps: 12 }));
    const names = explanation.components.map(({ name }) => name);
    expect(names).toEqual(['level', 'day', 'week', 'deviation', 'shared', 'event', 'safetyMargin']);
    const { safetyMargin } = partsOf(explanation);
    expect(safetyMargin).toBeGreaterThan(0);
    expect(explanation.value - safetyMargin).toBeCloseTo(explanation.median, 9);
    expect(
      partsOf(explained(series['a working week'].explain({ horizonSteps: 12, quantile: 0.5 }))),
    ).toMatchObject({
      safetyMargin: 0,
    });
  });

  it('put what a weekend lacks into the week, and what the noon has into the day', () => {
    const beforeSaturday = taught(18.5 * daySeconds, noisyWeek(3));
    // From Friday noon a day and two ahead: the same moment of the day on Saturday and on Sunday.
    const [friday, saturday, sunday] = [1, 288, 576].map((horizonSteps) =>
      partsOf(explained(beforeSaturday.explain({ horizonSteps, quantile: 0.5 }))),
    );
    expect(friday?.week).toBeGreaterThan(5);
    expect(saturday?.week).toBeLessThan(-20);
    expect(sunday?.week).toBeLessThan(-20);
    expect(saturday?.day).toBeGreaterThan(25);
    expect(saturday?.day).toBeCloseTo(friday?.day ?? 0, -1);
    expect(saturday?.level).toBe(friday?.level);
  });

  it('of day and week are of mean zero over the week', () => {
    // Quarters of an hour: all 672 slots of the week are asked for, each at its own horizon.
    const model = taught(21 * daySeconds, noisyWeek(4), { stepSeconds: 900 });
    const sums = { day: 0, week: 0 };
    for (let horizonSteps = 1; horizonSteps <= 672; horizonSteps++) {
      const parts = partsOf(explained(model.explain({ horizonSteps })));
      sums.day += parts.day;
      sums.week += parts.week;
    }
    expect(Math.abs(sums.day / 672)).toBeLessThan(1e-9);
    expect(Math.abs(sums.week / 672)).toBeLessThan(1e-9);
  });

  it('put a step up into the deviation, and leave what is usual as it was', () => {
    const until = 16.5 * daySeconds;
    const shiftedFrom = monday + until - 3 * 3600;
    const [asEver, doubled] = [1, 2].map((factor) => {
      const demandAt = noisyWeek(6);
      return explained(
        taught(until, (t) => (t < shiftedFrom ? 1 : factor) * demandAt(t)).explain({ horizonSteps: 3 }),
      );
    });
    if (asEver === undefined || doubled === undefined) throw new Error('unreachable');
    const [before, after] = [partsOf(asEver), partsOf(doubled)];
    expect(Math.abs(before.deviation)).toBeLessThan(0.2 * asEver.median);
    expect(after.deviation).toBeGreaterThan(0.6 * asEver.median);
    expect(after.level).toBeCloseTo(before.level, 0);
    expect(doubled.newest).toBeGreaterThan(1.6 * doubled.usualOfNewest);
    expect(asEver.newest).toBeLessThan(1.3 * asEver.usualOfNewest);
  });

  it('of constant demand are its level and nothing else', () => {
    const model = taught(16 * daySeconds, () => 250);
    for (const request of [{ horizonSteps: 1 }, { horizonSteps: 288 }, { windowSeconds: 600 }]) {
      const { level, ...others } = partsOf(explained(model.explain(request)));
      expect(level).toBeCloseTo(250, 2);
      for (const [name, value] of Object.entries(others)) expect(Math.abs(value), name).toBeLessThan(0.01);
    }
  });

  it('make no season of chance, and say so', () => {
    const explanation = explained(series['a random walk'].explain({ horizonSteps: 12 }));
    expect(explanation.seasonsSeconds).toEqual([]);
    expect(partsOf(explanation)).toMatchObject({ day: 0, week: 0, event: 0 });
    expect(meaningOf(explanation, 'day')).toBe('nothing: the history shows no season of a day');
    expect(meaningOf(explanation, 'event')).toContain('no calendar');
  });

  it('know no week before it can be told from chance', () => {
    const explanation = explained(taught(9 * daySeconds, noisyWeek(7)).explain({ horizonSteps: 144 }));
    expect(partsOf(explanation).week).toBe(0);
    expect(partsOf(explanation).day).not.toBe(0);
    expect(meaningOf(explanation, 'week')).toBe('nothing: the history shows no season of a week');
    const alone = taught(5 * daySeconds, noisyWeek(7), { stepSeconds: 300, seasonsSeconds: [daySeconds] });
    expect(meaningOf(explained(alone.explain({ horizonSteps: 1 })), 'week')).toContain('no longer season');
  });
});

describe('an explanation', () => {
  const model = series['a working week'];

  it('of a peak is of the moment at which the forecast is highest', () => {
    const windowSeconds = 7200;
    const forecast = model.forecast({ horizonSteps: 24, quantiles: [0.5] });
    const peak = model.peak({ windowSeconds });
    if (forecast.status !== 'ok' || peak.status !== 'ok') throw new Error('no forecast');
    const explanation = explained(model.explain({ windowSeconds }));
    const highest = forecast.median.indexOf(Math.max(...forecast.median));
    expect(explanation).toMatchObject({
      windowSeconds,
      quantile: 0.99,
      origin: peak.origin,
      median: forecast.median[highest],
      atSeconds: forecast.origin + (highest + 1) * 300,
    });
  });

  it('names the experts by their say at that horizon, and how well it has lately done', () => {
    const { experts, accuracy } = explained(model.explain({ horizonSteps: 11 }));
    const scored = model.accuracy().find(({ horizonSeconds }) => horizonSeconds === 3600);
    expect(accuracy).toEqual(scored);
    const weights = experts.map(({ weight }) => weight);
    expect(weights).toEqual([...weights].sort((a, b) => b - a));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    expect(total).toBeGreaterThan(0.9);
    expect(total).toBeLessThanOrEqual(1 + 1e-9);
    const atAnchor = explained(model.explain({ horizonSteps: 12 })).experts[0];
    expect(scored?.weights[atAnchor?.name ?? '']).toBe(atAnchor?.weight);
    expect(Math.max(...Object.values(scored?.weights ?? {}))).toBe(atAnchor?.weight);
  });

  it('gives the reason where there is no forecast, as the forecast does', () => {
    const young = taught(daySeconds, noisyWeek(1));
    const forecast = young.forecast({ horizonSteps: 1 });
    expect(forecast).toMatchObject({ status: 'learning', reasons: [{ code: 'insufficient-history' }] });
    expect(young.explain({ horizonSteps: 1 })).toEqual(forecast);
    expect(young.explain({ windowSeconds: 300 })).toEqual(young.peak({ windowSeconds: 300 }));
    expect(createForecaster({ stepSeconds: 300 }).explain({ horizonSteps: 1 })).toMatchObject({
      status: 'learning',
    });
  });

  it('changes nothing, and is the same twice', () => {
    const asked = taught(4 * daySeconds, noisyWeek(8));
    const left = taught(4 * daySeconds, noisyWeek(8));
    const first = asked.explain({ windowSeconds: 900 });
    asked.explain({ horizonSteps: 700 });
    expect(asked.explain({ windowSeconds: 900 })).toEqual(first);
    for (const forecaster of [asked, left]) forecaster.observe(monday + 4 * daySeconds, 40);
    expect(asked.forecast({ horizonSteps: 288 })).toEqual(left.forecast({ horizonSteps: 288 }));
  });

  it.each([
    [{ horizonSteps: 0 }, 'horizonSteps'],
    [{ horizonSteps: 1.5 }, 'horizonSteps'],
    [{ windowSeconds: 0 }, 'windowSeconds'],
    [{ horizonSteps: 1, quantile: 1 }, 'quantiles'],
    [{ windowSeconds: 300, quantile: Number.NaN }, 'quantiles'],
  ])('of %j is refused', (request, culprit) => {
    expect(() => model.explain(request)).toThrow(RangeError);
    expect(() => model.explain(request)).toThrow(culprit);
  });
});

describe('the explanation of an event', () => {
  const day = 86_400;
  const on = (number: number, effect: CalendarEvent['effect'], name: string): CalendarEvent => ({
    ...{ startSeconds: number * day, endSeconds: (number + 1) * day, kind: 'sale', name, effect },
  });
  /** An hour of a day on which demand is three times that of the others, if the calendar has it. */
  const taughtWith = (events: readonly CalendarEvent[]) => {
    const forecaster = createForecaster({ stepSeconds: 300, events });
    const isSale = (t: number) => events.some((one) => t > one.startSeconds && t <= one.endSeconds);
    for (let t = 300; t <= 40 * day; t += 300)
      forecaster.observe(t, (100 + 40 * Math.sin((2 * Math.PI * t) / day)) * (isSale(t) ? 3 : 1));
    return forecaster;
  };
  const eventOf = (events: readonly CalendarEvent[]) => {
    const explained = taughtWith(events).explain({ horizonSteps: 144 });
    if (explained.status !== 'ok') throw new Error('there is no forecast yet');
    const sum = explained.components.reduce((total, { value }) => total + value, 0);
    expect(sum).toBeCloseTo(explained.value, 6);
    const part = explained.components.find(({ name }) => name === 'event');
    expect(part?.value).toBeCloseTo(explained.median * (1 - 1 / 3), -2);
    return part?.meaning;
  };

  it('names it, what it does, and of how many that was learned', () => {
    const given = [on(40, { type: 'given', ratio: 3 }, 'TV ad')];
    expect(eventOf(given)).toBe('what the calendar adds: TV ad (3 × an ordinary day, as given)');
    const learned = [20, 27, 33, 40].map((number) => on(number, { type: 'learned' }, `Sale ${number}`));
    expect(eventOf(learned)).toMatch(
      /^what the calendar adds: Sale 40 \([\d.]+ × an ordinary day, learned from 3\)$/,
    );
  });
});
